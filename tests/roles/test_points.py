"""Points in the plane pass through the trainer as photographs do."""

from collections.abc import Callable
from math import pi
from typing import Any

import torch
from torch import Tensor, nn

from denoiselab.data import TensorData, TensorStore
from denoiselab.domains import POINTS

STD = 0.1


class OpenCircle(TensorData):
    """Points on three quarters of the unit circle."""

    domain = POINTS

    def load(self, split: str) -> TensorStore:
        first, many = {"train": (0, 2000), "val": (1, 300), "test": (2, 300)}[split]
        angle = 1.5 * pi * torch.rand(many, generator=torch.Generator().manual_seed(first))
        return TensorStore({"clean": torch.stack((angle.cos(), angle.sin()), 1)})

    def take_all(self) -> None:
        """The split is fixed."""


class MLP(nn.Module):
    """2-100-2."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 100), nn.ReLU(), nn.Linear(100, 2))

    def forward(self, points: Tensor) -> Tensor:
        return self.layers(points)


PARTS: dict[str, Any] = {
    "data": {"_target_": f"{__name__}.OpenCircle", "batch_size": 100},
    "noise": {"_target_": "denoiselab.degradations.White", "std": STD},
    "model": {"_target_": f"{__name__}.MLP"},
}


def test_mlp_moves_points_towards_the_circle(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 240, "val_every": 80})
    errors = run.metric("val/mse")
    assert len(errors) == 3
    assert 0.3 * STD**2 < errors[-1] < 0.8 * STD**2  # what lies along the circle can't be known
    assert (run.path / "best.ckpt").exists()


def test_killed_run_ends_as_one_never_interrupted(trained: Callable[..., Any], resumed: Callable[..., Any]) -> None:
    steps = {"max_steps": 12, "val_every": 4}
    whole = trained("whole", **PARTS, trainer=steps)
    again = resumed("again", 6, **PARTS, trainer=steps)
    assert torch.equal(whole.weights(), again.weights())
    assert whole.metric("loss") == again.metric("loss")
    assert whole.metric("val/mse") == again.metric("val/mse")
