"""A loss that is no number any more ends the run, with the remedy."""

from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from denoiselab.errors import UserError


class FiniteLoss(Callback):
    """Looks at the loss where it is read anyway (every so many steps, and before a checkpoint is written).

    So no step waits for it, and no checkpoint holds what came after.
    """

    def __init__(self, every: int) -> None:
        self.every = max(1, every)
        self._loss: Tensor | None = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        self._loss = outputs["loss"]
        if trainer.global_step % self.every == 0:
            self._look(trainer, self._loss)

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self._look(trainer, self._loss)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        for name, value in trainer.callback_metrics.items():
            if name.startswith("val/") and torch.isnan(value):
                self._look(trainer, value, name)

    @staticmethod
    def _look(trainer: Trainer, value: Tensor | None, name: str = "the loss") -> None:
        if value is None:
            return
        if not trainer.strategy.reduce_boolean_decision(not torch.isfinite(value), all=False):
            return
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        raise UserError(
            f"{name} is {float(value)} at step {trainer.global_step}: lower the learning rate "
            f"(now {rate:.2g}) with optimizer.lr, or set trainer.gradient_clip_val=1; "
            f"the last checkpoint is from before"
        )
