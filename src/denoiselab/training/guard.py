"""A loss that is no number any more ends the run, with the remedy."""

from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from denoiselab.errors import UserError


class FiniteLoss(Callback):
    """Looks at the loss where it is read anyway (every so many steps), so that no step waits for it.

    Between two looks, no checkpoint takes weights that are no numbers (`checkpoints.finite`).
    """

    def __init__(self, every: int) -> None:
        self.every = max(1, every)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if trainer.global_step % self.every:
            return
        if trainer.strategy.reduce_boolean_decision(bool(torch.isfinite(outputs["loss"]))):
            return
        raise UserError(
            f"the loss is {float(outputs['loss'])} at step {trainer.global_step}: lower the learning rate "
            f"(now {trainer.optimizers[0].param_groups[0]['lr']:.2g}) with optimizer.lr, or set "
            f"trainer.gradient_clip_val=1; the last checkpoint is from before"
        )
