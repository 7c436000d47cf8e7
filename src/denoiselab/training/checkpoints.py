"""What survives of a run: its last state, its best state, and a clean end on Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.plugins.io import TorchCheckpointIO

import denoiselab
from denoiselab.methods.checkpoint import BEST, LAST, read_checkpoint, write_atomically


class AtomicCheckpoints(TorchCheckpointIO):
    """Checkpoints that are whole under their name or not there, of plain data only."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None) -> None:
        write_atomically(checkpoint, Path(path))

    def load_checkpoint(self, path: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return read_checkpoint(Path(path))


class Recipe(Callback):
    """Puts the resolved configuration into every checkpoint, as plain data to rebuild from."""

    def __init__(self, config: Mapping[str, Any], choices: Mapping[str, str]) -> None:
        self.recipe = {"config": dict(config), "choices": dict(choices), "version": denoiselab.__version__}

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        checkpoint["denoiselab"] = self.recipe


class GracefulStop(Callback):
    """Ctrl-C (or SIGTERM) ends the run after the step in hand, with a checkpoint; a second one at once."""

    def __init__(self, run_dir: Path) -> None:
        self.file, self.asked, self._before = run_dir / LAST, False, dict[int, Any]()

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        self._give_back()

    def _give_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if self.asked and not trainer.should_stop:
            trainer.save_checkpoint(self.file)
            trainer.should_stop = True

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._give_back()


def keepers(run_dir: Path, every: int, watched: tuple[str, str] | None) -> list[ModelCheckpoint]:
    """`last.ckpt` at every validation, and `best.ckpt` by a validation metric (its name, max or min)."""
    shared: dict[str, Any] = {"dirpath": run_dir, "save_on_train_epoch_end": False, "enable_version_counter": False}
    kept = [ModelCheckpoint(filename=Path(LAST).stem, every_n_train_steps=every, **shared)]
    if watched:
        monitor, mode = watched
        kept.insert(0, ModelCheckpoint(filename=Path(BEST).stem, monitor=monitor, mode=mode, **shared))
    return kept
