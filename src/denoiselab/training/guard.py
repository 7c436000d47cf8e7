"""A loss that is no number any more, or far from where it began, ends the run with the remedy."""

from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from denoiselab.errors import UserError

GROWTH = 1000
"""How many times the first step's loss is too much; up to 1 nothing is, as a picture's values go."""


class LossGuard(Callback):
    """Looks at the loss where it is read anyway (every so many steps), so that no step waits for it.

    Between two looks, no checkpoint takes weights that are no numbers (`checkpoints.finite`).
    """

    def __init__(self, every: int) -> None:
        self.every = max(1, every)
        self._first: Tensor | None = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        loss = outputs["loss"]
        self._first = loss.detach().clone() if self._first is None else self._first
        if trainer.global_step % self.every:
            return
        if trainer.strategy.reduce_boolean_decision(bool(loss <= (GROWTH * self._first).clamp(min=1))):
            return
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        raise UserError(
            f"the loss is {float(loss):g} at step {trainer.global_step}, where it began with {float(self._first):.2g}: "
            f"lower the learning rate (now {rate:.2g}) with optimizer.lr, or set trainer.gradient_clip_val=1; "
            f"the last checkpoint is from before"
        )
