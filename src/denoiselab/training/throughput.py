"""How fast a run trains, in its logs."""

import time
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer


class Throughput(Callback):
    """Logs `images_per_second` over the last `every` steps, from the clock alone: no step waits for it.

    batch_size: samples a step over all devices.
    """

    def __init__(self, every: int, batch_size: int) -> None:
        self.every, self.batch_size = max(1, every), batch_size
        self._mark: tuple[float, int] | None = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if trainer.global_step % self.every:
            return
        now, step = time.monotonic(), trainer.global_step
        if self._mark is not None and step > self._mark[1]:
            speed = self.batch_size * (step - self._mark[1]) / (now - self._mark[0])
            pl_module.log("images_per_second", speed, batch_size=1)
        self._mark = (now, step)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Validation is no training time: start anew."""
        self._mark = None
