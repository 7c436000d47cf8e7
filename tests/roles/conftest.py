"""A run by the path that train.py takes, from a configuration of a few steps."""

import csv
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor

from denoiselab.methods import Method
from denoiselab.methods.checkpoint import LAST, load_method, read_checkpoint
from denoiselab.report.tables import Table
from denoiselab.training.run import Run, train

TRAINER = {
    "accelerator": "cpu", "devices": 1, "strategy": "auto", "precision": "32-true", "max_steps": 4, "max_epochs": -1,
    "max_time": None, "val_every": 4, "log_every_n_steps": 1, "deterministic": False, "gradient_clip_val": None,
}  # fmt: skip
PROTOCOL = {
    "name": "default",
    "crop": None,
    "window": None,
    "pool": 1,
    "clamp": True,
    "quantize": False,
    "border": 0,
    "luma": False,
}
BASE = {
    "seed": 0,
    "baselines": True,
    "noise": {"_target_": "denoiselab.degradations.Gaussian", "sigma": 30, "clip": False},
    "test_noise": {},
    "supervision": {"_target_": "denoiselab.supervision.Clean"},
    "loss": {"_target_": "denoiselab.objectives.L2"},
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 1e-2},
    "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
    "method": {"_target_": "denoiselab.methods.Denoiser"},
    "callbacks": {},
    "logger": {"name": "csv"},
    "protocol": {"_target_": "denoiselab.metrics.Protocol", **PROTOCOL},
}


class KilledError(Exception):
    """The end of a process that was given no time to save."""


class KillAt(pl.Callback):
    """Ends the run before this step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_train_batch_start(self, trainer: pl.Trainer, *_: Any) -> None:
        if trainer.global_step == self.step:
            raise KilledError


class Folder:
    """A run folder, read back."""

    def __init__(self, path: Path, table: Table | None) -> None:
        self.path, self.table = path, table

    def method(self) -> Method:
        return load_method(read_checkpoint(self.path / LAST), trust=True)[0]

    def weights(self) -> Tensor:
        state = read_checkpoint(self.path / LAST)["state_dict"]
        return torch.cat([value.flatten() for value in state.values()])

    def metric(self, name: str) -> list[float]:
        with (self.path / "metrics.csv").open() as file:
            return [float(row[name]) for row in csv.DictReader(file) if row.get(name)]

    def figure(self, restorer: str) -> float:
        return next(row["PSNR dB"] for row in self.table.rows if row["restorer"] == restorer)


@pytest.fixture
def trained(tmp_path: Path) -> Callable[..., Folder]:
    """Train by `denoiselab.training.run.train`; `trainer` holds what differs from a run of 4 steps."""

    def run(name: str = "run", *, resume: bool = False, trainer: dict[str, Any] | None = None, **parts: Any) -> Folder:
        folder = tmp_path / name
        config = {**BASE, **parts, "trainer": {**TRAINER, **(trainer or {})}}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Checkpoint directory .* exists and is not empty")  # as the package does
            table = train(Run(config, {}, folder, folder / LAST if resume else None))
        return Folder(folder, table)

    return run


@pytest.fixture
def resumed(trained: Callable[..., Folder]) -> Callable[..., Folder]:
    """Train until a step, be killed before it, and go on from the last checkpoint."""

    def run(name: str, killed_at: int, **parts: Any) -> Folder:
        with pytest.raises(KilledError):
            trained(name, callbacks={"kill": {"_target_": f"{__name__}.KillAt", "step": killed_at}}, **parts)
        return trained(name, resume=True, **parts)

    return run
