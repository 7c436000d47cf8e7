"""A target larger than the input: trained, validated, tiled and measured."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.networks import Signature
from denoiselab.restore import restore_tiled


class Doubler(nn.Module):
    """Twice the size: pixels repeated, plus what two convolutions make of them (nothing at first)."""

    signature = Signature(in_channels=3, out_channels=3, scale=2, radius=2)

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 12, 3, padding=1))
        nn.init.zeros_(self.body[-1].weight)
        nn.init.zeros_(self.body[-1].bias)

    def forward(self, small: Tensor) -> Tensor:
        return F.interpolate(small, scale_factor=2.0, mode="nearest") + F.pixel_shuffle(self.body(small), 2)


PARTS: dict[str, Any] = {
    "data": {
        "_target_": "denoiselab.data.InstalledPhotos",
        "train": ["astronaut.png"], "val": ["coffee.png"], "test": ["chelsea.png"],
        "channels": 3, "batch_size": 8, "crop_size": 32, "crops_per_picture": 64, "augment": True,
        "shuffle_channels": False, "val_crop": 65, "window": None, "left_out": [], "cache": None,
    },
    "noise": {"_target_": "denoiselab.degradations.AveragePool", "scale": 2},
    "model": {"_target_": f"{__name__}.Doubler"},
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 2e-3},
}  # fmt: skip


def test_network_learns_more_than_its_input_shows_and_tiles_equal_the_whole(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 80, "val_every": 40}, logger={"name": "tensorboard"})
    assert run.figure("Doubler") > run.figure("noisy") + 0.3  # chelsea is 451 pixels wide: cut to 450
    assert {row["restorer"] for row in run.table.rows} == {"noisy", "bilinear", "bicubic", "Doubler"}
    assert (run.path / "pictures.png").exists()
    method, small = run.method(), torch.rand(1, 3, 37, 53)
    whole = method.restore(Observation(small)).mean
    tiled = restore_tiled(lambda t: method.restore(Observation(t)).mean, small, method.network.signature, tile=16)
    assert whole.shape == (1, 3, 74, 106)
    torch.testing.assert_close(tiled, whole)


@pytest.mark.parametrize(("scale", "line"), [(1, "1 times smaller"), (3, "take model=edsr model.scale=3")])
def test_a_network_of_another_scale_is_refused(trained: Callable[..., Any], scale: int, line: str) -> None:
    noise = {"_target_": "denoiselab.degradations.Bicubic", "scale": scale}
    with pytest.raises(UserError, match=f"Doubler makes pictures 2 times as large.*{line}"):
        trained(**{**PARTS, "noise": noise})


def test_one_network_learns_several_scales_and_is_measured_at_one(trained: Callable[..., Any]) -> None:
    model = {
        "_target_": "denoiselab.networks.MDSR",
        "in_channels": 3, "out_channels": 3, "scales": [2, 4], "scale": 2, "depth": 1, "num_features": 8,
        "residual_scale": 1.0, "mean": [0.45],
    }  # fmt: skip
    several = {
        "noise": {"_target_": "denoiselab.degradations.Bicubic", "scale": [2, 4]},
        "test_noise": {"scale": 2},
        "model": model,
        "method": {"_target_": "denoiselab.methods.MultiScale"},
    }
    run = trained(**{**PARTS, **several}, trainer={"max_steps": 60, "val_every": 30})
    losses = run.metric("loss")
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])
    method, small = run.method(), torch.rand(1, 3, 5, 7)
    assert method.restore(Observation(small)).mean.shape == (1, 3, 10, 14)
    assert method.restore(Observation(small, level=torch.tensor([4.0]))).mean.shape == (1, 3, 20, 28)
