"""Greedy pretraining, then a classifier: phases of one run, measured by its errors."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import yaml
from torch import Tensor

from denoiselab.data import TensorData, TensorStore

SIDE = 8
ADAM = {"_target_": "torch.optim.Adam", "lr": 0.01}
LAYERS = {f"layer{k}": {"optimizer": ADAM, "steps": 30, "trains": [f"network.layers.{k}"]} for k in range(2)}
GREEDY = {"phases": {**LAYERS, "labels": {"optimizer": ADAM}}}


class Bars(TensorData):
    """A bar that lies (class 0) or stands (class 1), anywhere."""

    channels = 1

    def load(self, split: str) -> TensorStore:
        seed, many = {"train": (0, 400), "val": (1, 100), "test": (2, 200)}[split]
        draw = torch.Generator().manual_seed(seed)
        place, label = (torch.randint(high, (many,), generator=draw) for high in (SIDE, 2))
        picture = torch.zeros(many, SIDE, SIDE)
        picture[torch.arange(many), place] = 1
        picture = torch.where(label[:, None, None] == 1, picture.mT, picture)
        return TensorStore({"clean": picture[:, None], "label": label})

    def take_all(self) -> None:
        """The split is fixed."""


PARTS: dict[str, Any] = {
    "data": {"_target_": f"{__name__}.Bars", "batch_size": 50},
    "noise": {"_target_": "denoiselab.degradations.Bernoulli", "p": 0.2, "refill": False},
    "supervision": {"_target_": "denoiselab.supervision.Label"},
    "loss": {"_target_": "denoiselab.objectives.BCE"},
    "method": {"_target_": "denoiselab.methods.GreedyClassifier", "classes": 2},
    "model": {
        "_target_": "denoiselab.networks.StackedAutoencoder",
        "in_channels": 1, "out_channels": 1, "size": [SIDE, SIDE], "depth": 2, "num_features": 32,
    },
    "optimizer": GREEDY,
}  # fmt: skip


def parameters(weights: Any) -> dict[str, Tensor]:
    return {name: p.detach().clone() for name, p in weights.named_parameters()}


def test_layers_then_labels_and_the_errors_are_measured(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 160, "val_every": 40})
    losses = run.metric("loss")
    for first, last in ((0, 29), (30, 59), (60, 159)):
        assert losses[last] < 0.9 * losses[first], "every phase learns"
    assert losses[60] == pytest.approx(torch.tensor(2.0).log().item(), rel=1e-4), "the classes start alike"
    assert run.metric("val/error")[-1] < 0.05
    (row,) = run.table.rows
    assert row["error %"] < 5 and row["pictures"] == 200
    said = yaml.safe_load((run.path / "summary.yaml").read_text())
    assert said["error %"] == row["error %"] and "± 95 %" in said
    assert (run.path / "curves.png").exists()


def test_a_layer_is_trained_alone_and_by_its_own_input(trained: Callable[..., Any]) -> None:
    short, longer = (trained(str(n), **PARTS, trainer={"max_steps": n, "val_every": n}) for n in (30, 60))
    before, after = (parameters(run.method()) for run in (short, longer))
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved == {f"network.layers.1.{name}" for name in ("weight", "bias", "back")}


def test_without_pretraining_there_is_one_phase(trained: Callable[..., Any]) -> None:
    run = trained(**{**PARTS, "optimizer": ADAM}, trainer={"max_steps": 100, "val_every": 50})
    assert run.metric("loss")[0] == pytest.approx(torch.tensor(2.0).log().item(), rel=1e-4)
    assert run.metric("val/error")[-1] < 0.2


def test_killed_run_ends_as_one_never_interrupted(trained: Callable[..., Any], resumed: Callable[..., Any]) -> None:
    steps = {"max_steps": 75, "val_every": 15}
    whole, again = trained("whole", **PARTS, trainer=steps), resumed("again", 50, **PARTS, trainer=steps)
    assert torch.equal(whole.weights(), again.weights())
    assert whole.metric("loss") == again.metric("loss")
