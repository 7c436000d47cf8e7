"""What survives of a run: its last state, its best state, and a clean end on Ctrl-C."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint
from lightning.pytorch.plugins.io import TorchCheckpointIO
from torch.optim.lr_scheduler import LambdaLR

import denoiselab
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import BEST, LAST, read_checkpoint, write_checkpoint
from denoiselab.training.loggers import set_summary


class AtomicCheckpoints(TorchCheckpointIO):
    """Checkpoints that are whole under their name or not there, of plain data only."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None) -> None:
        write_checkpoint(checkpoint, Path(path))

    def load_checkpoint(self, path: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return read_checkpoint(Path(path))


class Recipe(Callback):
    """Puts the resolved configuration into every checkpoint; after a resume it rules, not what is remembered.

    trained_on: the training samples' content keys, so that a test on one of them is noticed.
    looks: of pictures finds what near-duplicates of them are known by, in a thread while the training begins; the
        first checkpoint waits for it.

    Optimizer and schedule remember the rate and the options that they were made with. An override
    (optimizer.lr, trainer.max_steps) would be lost on them.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        choices: Mapping[str, str],
        trained_on: Sequence[str],
        looks: Callable[[], Mapping[str, Any]] | None,
    ) -> None:
        self.looks = looks
        self.found: Future[Mapping[str, Any]] | None = None
        self.recipe = {
            "config": dict(config),
            "choices": dict(choices),
            "version": denoiselab.__version__,
            "trained_on": list(trained_on),
        }

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        finite(checkpoint["state_dict"])
        checkpoint["denoiselab"] = {**self.recipe, "looks": self.found and self.found.result()}

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self.looks is not None:
            aside = ThreadPoolExecutor(1)
            self.found = aside.submit(self.looks)
            aside.shutdown(wait=False)
        for entry in trainer.lr_scheduler_configs:
            schedule = entry.scheduler
            if not isinstance(schedule, LambdaLR):
                continue
            options = schedule.optimizer.defaults
            schedule.base_lrs = [options["lr"] for _ in schedule.base_lrs]
            for group, factor in zip(schedule.optimizer.param_groups, schedule.lr_lambdas, strict=True):
                rate = options["lr"] * factor(schedule.last_epoch)
                group.update({**options, "lr": rate, "initial_lr": options["lr"]})

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int) -> None:
        # The step of the loggers' rows: Lightning's is one short after a resume from a step validated out of turn.
        trainer.fit_loop.epoch_loop._batches_that_stepped = trainer.global_step


def finite(weights: Mapping[str, torch.Tensor]) -> None:
    """Refuse weights that are no numbers any more, so that the last checkpoint stays a good one.

    Raises:
        UserError: some weight is nan or infinite.
    """
    broken = [name for name, weight in weights.items() if not bool(torch.isfinite(weight).all())]
    if broken:
        raise UserError(
            f"the weights are no numbers any more ({broken[0]}): lower the learning rate, optimizer.lr, or set "
            f"trainer.gradient_clip_val=1; the last checkpoint is from before"
        )


class Keeper(Checkpoint):
    """After each validation `best.ckpt`, if its figure is the best so far, then `last.ckpt`.

    In this order, and after the figures are in the logs: whenever the process is killed, what
    `last.ckpt` does not know of yet is done again. Without a validation, `last.ckpt` every so many steps.

    watched: name of the validation metric, and `max` or `min`; None where nothing is validated.
    """

    def __init__(self, run_dir: Path, every: int, watched: tuple[str, str] | None) -> None:
        self.run_dir, self.every, self.watched = run_dir, every, watched
        self.best: float | None = None

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.best = state_dict["best"]

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if not (self.run_dir / BEST).exists():
            self.best = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if trainer.global_step >= trainer.max_steps:
            trainer.should_stop = True  # makes Lightning validate now, whatever the interval
        if self.watched is None and trainer.global_step % self.every == 0:
            trainer.save_checkpoint(self.run_dir / LAST)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self.watched is None:
            trainer.save_checkpoint(self.run_dir / LAST)
        elif self.best is not None:
            set_summary(trainer.loggers, {f"best {self.watched[0]}": self.best})

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.strategy.reduce_boolean_decision(self._is_best(trainer)):
            trainer.save_checkpoint(self.run_dir / BEST)
        trainer.save_checkpoint(self.run_dir / LAST)

    def _is_best(self, trainer: Trainer) -> bool:
        if self.watched is None or self.watched[0] not in trainer.callback_metrics:
            return False
        score, sign = float(trainer.callback_metrics[self.watched[0]]), 1 if self.watched[1] == "max" else -1
        if math.isnan(score) or (self.best is not None and sign * score <= sign * self.best):
            return False
        self.best = score
        return True


class Stopped(Exception):  # noqa: N818
    """The run ends because it was asked to."""


class GracefulStop(Callback):
    """Ctrl-C (or SIGTERM) ends the run after the step in hand, with a checkpoint; a second one at once.

    every: steps between validations. A validation that is due is waited for, no other is begun.
    together: steps after which several devices agree on the end.
    """

    def __init__(self, run_dir: Path, every: int, together: int) -> None:
        self.file, self.every, self.together = run_dir / LAST, every, max(1, together)
        self.asked, self._saved, self._before = False, False, dict[int, Any]()

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
        step = trainer.global_step
        if trainer.world_size > 1:
            if step % self.together:
                return
            self.asked = trainer.strategy.reduce_boolean_decision(self.asked, all=False)
        if not self.asked:
            return
        if step % self.every and step < trainer.max_steps and torch.isfinite(outputs["loss"]):
            trainer.save_checkpoint(self.file)
            self._saved = True
        trainer.should_stop = True

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self._saved:
            raise Stopped

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._give_back()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        self._give_back()
