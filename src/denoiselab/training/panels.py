"""Pictures of the validation, in the loggers that take pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import Logger, TensorBoardLogger, WandbLogger
from torch import Tensor
from torch.nn import functional as F

from denoiselab.report.grids import views

GAP = 4


class Panels(Callback):
    """Logs clean | noisy | restored | noisy − restored of the first validation pictures after each validation.

    The module's `validation_step` returns `noisy`, `restored` and, where known, `clean`: `(1, C, H, W)` as displayed,
    in [0, 1]; a domain of points or classes returns none of them and gets no panel.

    Args:
        count: how many pictures, the same ones each time.
        side: pixels each way at most, from the centre.
    """

    def __init__(self, count: int = 4, side: int = 256) -> None:
        super().__init__()
        self.count = count
        self.side = side
        self._panels: list[tuple[Tensor, str]] = []

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Forget what an interrupted validation left."""
        self._panels = []

    def on_validation_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Keep the first pictures, already cropped and as bytes."""
        wanted = batch_idx < self.count and dataloader_idx == 0 and trainer.is_global_zero
        if wanted and not trainer.sanity_checking and takers(trainer.loggers) and pictured(outputs):
            pictures, scale = views(outputs.get("clean"), outputs["noisy"], outputs["restored"], self.side)
            self._panels.append((joined(pictures.values()), f"{' | '.join(pictures)} (mid-gray ± {scale:.2g})"))

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Log what was kept."""
        for logger in takers(trainer.loggers) if self._panels else []:
            log_pictures(logger, self._panels, trainer.global_step)
        self._panels = []


def pictured(outputs: Any) -> bool:
    """Whether a validation step returned pictures."""
    return isinstance(outputs, dict) and all(
        isinstance(outputs.get(name), Tensor) and outputs[name].ndim == 4 for name in ("noisy", "restored")
    )


def joined(pictures: Iterable[Tensor]) -> Tensor:
    """Pictures `(H, W, 3)` side by side, uint8, with white between."""
    padded = [F.pad(picture, (0, 0, 0, GAP), value=torch.iinfo(torch.uint8).max) for picture in pictures]
    return torch.cat(padded, 1)[:, :-GAP]


def takers(loggers: Iterable[Logger]) -> list[WandbLogger | TensorBoardLogger]:
    """Those loggers that take pictures."""
    return [logger for logger in loggers if isinstance(logger, WandbLogger | TensorBoardLogger)]


def log_pictures(logger: WandbLogger | TensorBoardLogger, panels: list[tuple[Tensor, str]], step: int) -> None:
    """Log panels as uint8 arrays: of floats in [0, 1], wandb (0.31) makes black pictures."""
    if isinstance(logger, WandbLogger):
        captions = [caption for _, caption in panels]
        done = {"step": step - 1}  # one is added on the way, as to figures
        logger.log_image("val/pictures", [panel.numpy() for panel, _ in panels], **done, caption=captions)
        return
    for i, (panel, _) in enumerate(panels):
        logger.experiment.add_image(f"val/pictures/{i}", panel.numpy(), step, dataformats="HWC")
