"""Training in phases: another optimizer, other parameters, from a step on; resumed anywhere."""

from collections.abc import Callable
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor, nn

from denoiselab.data import TensorData, TensorStore

MOMENTUM = {"_target_": "torch.optim.SGD", "lr": 0.05, "momentum": 0.9}
LBFGS = {"_target_": "torch.optim.LBFGS", "lr": 0.5, "max_iter": 3}
HYBRID = {"phases": {"first": {"optimizer": LBFGS, "steps": 5}, "then": {"optimizer": MOMENTUM}}}
GREEDY = {
    "phases": {
        "one": {"optimizer": MOMENTUM, "steps": 4, "trains": ["network.one"]},
        "all": {"optimizer": {"_target_": "torch.optim.Adam", "lr": 0.01}},
    }
}


class Vectors(TensorData):
    """Four numbers that lie in a plane."""

    channels = None

    def load(self, split: str) -> TensorStore | None:
        draw = torch.Generator().manual_seed(0)
        plane, places = torch.randn(2, 4, generator=draw), torch.rand(64, 2, generator=draw)
        return TensorStore({"clean": places @ plane}) if split == "train" else None

    def take_all(self) -> None:
        """There is no test."""


class TwoLayers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(4, 8), nn.Linear(8, 4)

    def forward(self, vector: Tensor) -> Tensor:
        return self.two(torch.tanh(self.one(vector)))


class Diary(pl.Callback):
    """Which optimizer each step had, and which parameters it moved."""

    kept: list[tuple[str, set[str]]] = []

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.before, self.kept[:] = self.snapshot(pl_module), []

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        after = self.snapshot(pl_module)
        moved = {name for name, value in after.items() if not torch.equal(value, self.before[name])}
        self.kept.append((type(trainer.optimizers[0]).__name__, moved))
        self.before = after

    @staticmethod
    def snapshot(module: nn.Module) -> dict[str, Tensor]:
        return {name: p.detach().clone() for name, p in module.named_parameters()}


PARTS: dict[str, Any] = {
    "data": {"_target_": f"{__name__}.Vectors", "batch_size": 16},
    "noise": {"_target_": "denoiselab.degradations.White", "std": 0.1},
    "model": {"_target_": f"{__name__}.TwoLayers"},
}
DIARY = {"diary": {"_target_": f"{__name__}.Diary"}}


def test_optimizer_changes_at_its_step(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, optimizer=HYBRID, callbacks=DIARY, trainer={"max_steps": 9, "val_every": 9})
    assert [name for name, _ in Diary.kept] == ["LBFGS"] * 5 + ["SGD"] * 4
    losses = run.metric("loss")
    assert len(losses) == 9 and losses[-1] < 0.5 * losses[0]
    assert len(run.metric("lr-LBFGS")) == 5 and len(run.metric("lr-SGD")) == 4


class Noisy(TwoLayers):
    """Remembers what it was given, and what came out of a dropout."""

    seen: list[Tensor] = []

    def forward(self, vector: Tensor) -> Tensor:
        out = nn.functional.dropout(super().forward(vector), training=self.training)
        if self.training and torch.is_grad_enabled():
            self.seen.append(torch.cat((vector, (out != 0).float()), 1))
        return out


def test_every_evaluation_of_a_step_has_one_batch_one_noise_and_one_dropout(trained: Callable[..., Any]) -> None:
    Noisy.seen.clear()
    own = {"model": {"_target_": f"{__name__}.Noisy"}, "optimizer": {**LBFGS, "max_iter": 4}}
    trained(**{**PARTS, **own}, trainer={"max_steps": 3, "val_every": 3})
    steps = [Noisy.seen[-12 + 4 * i : -8 + 4 * i or None] for i in range(3)]
    assert all(torch.equal(step[0], again) for step in steps for again in step[1:])
    assert not torch.equal(steps[0][0], steps[1][0])


def test_first_phase_moves_its_parameters_only(trained: Callable[..., Any]) -> None:
    trained(**PARTS, optimizer=GREEDY, callbacks=DIARY, trainer={"max_steps": 7, "val_every": 7})
    first, both = {"network.one.weight", "network.one.bias"}, {"network.two.weight", "network.two.bias"}
    assert Diary.kept == [("SGD", first)] * 4 + [("Adam", first | both)] * 3


def test_annealing_goes_on_where_the_run_stopped(trained: Callable[..., Any], resumed: Callable[..., Any]) -> None:
    """The gamma of L0 follows from the checkpoint: 2 at the first step, near 0 at the last, in a resumed run too."""
    loss = {"_target_": "denoiselab.objectives.AnnealedL0", "eps": 1e-8}
    parts = {**PARTS, "loss": loss, "optimizer": MOMENTUM, "trainer": {"max_steps": 12, "val_every": 4}}
    whole, again = trained("whole", **parts), resumed("again", 6, **parts)
    assert whole.metric("loss") == again.metric("loss") and torch.equal(whole.weights(), again.weights())
    assert 0.5 < whole.metric("loss")[-1] < 1, "|d|^(1/6)"


@pytest.mark.parametrize(
    ("optimizer", "every", "killed_at"),
    [(HYBRID, 4, 6), (HYBRID, 4, 10), (HYBRID, 5, 7), (GREEDY, 3, 5), (GREEDY, 4, 6), (GREEDY, 3, 8)],
    ids=["L-BFGS", "momentum", "boundary", "first layer", "boundary of layers", "both layers"],
)
def test_resumed_run_ends_in_the_same_weights(
    trained: Callable[..., Any], resumed: Callable[..., Any], optimizer: dict[str, Any], every: int, killed_at: int
) -> None:
    parts = {**PARTS, "optimizer": optimizer, "trainer": {"max_steps": 3 * every, "val_every": every}}
    whole, again = trained("whole", **parts), resumed("again", killed_at, **parts)
    assert torch.equal(whole.weights(), again.weights())
    assert whole.metric("loss") == again.metric("loss")
