"""From pictures to batches: the loader hands out numbers, a batch is a pure function of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.fabric.utilities import move_data_to_device
from torch import Tensor

from denoiselab.batch import Batch, Pictures
from denoiselab.data.order import Order
from denoiselab.data.store import Crops, PictureStore
from denoiselab.degradations import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams, mix
from denoiselab.supervision import Supervision

SPLITS = ("train", "val", "test")
Cut = Callable[[Tensor], Tensor]


def whole(picture: Tensor) -> Tensor:
    """The picture itself."""
    return picture


def middle(side: int | None) -> Cut:
    """A cut of at most this square around the middle of `(N, C, H, W)`; None for the whole picture."""
    if side is None:
        return whole

    def cut(picture: Tensor) -> Tensor:
        top, left = (max(0, (size - side) // 2) for size in picture.shape[-2:])
        return picture[..., top : top + side, left : left + side]

    return cut


class Steps:
    """The numbers of one epoch's batches that are still to come, counted from the run's first."""

    def __init__(self, length: int, position: Callable[[], int]) -> None:
        self.length, self.position = length, position

    def __len__(self) -> int:
        return self.length

    def state_dict(self) -> dict[str, int]:
        """Nothing to keep: the position is the method's. Tells Lightning that the loader resumes by itself."""
        return {}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Nothing to restore."""

    def __iter__(self) -> Iterator[int]:
        position = self.position()
        return iter(range(position, (position // self.length + 1) * self.length))


class PictureData(pl.LightningDataModule, ABC):
    """Clean pictures, pairs or bursts -> batches of random crops, and whole pictures to measure on.

    channels: 1 (gray) or 3 (RGB); pictures of the other kind are converted, and the summary says so.
    batch_size: pictures a step, over all devices together; so a run on two devices does what a run
        on one does.
    crop_size: side of the square training crops in pixels.
    crops_per_picture: how many crops of each picture make an epoch.
    augment: mirror and turn the crops by random quarter turns.
    val_crop: validate on the middle square of this side, or null for the whole picture.
    """

    def __init__(
        self,
        *,
        channels: int,
        batch_size: int,
        crop_size: int,
        crops_per_picture: int,
        augment: bool,
        val_crop: int | None,
        seed: int,
        degradation: Degradation,
        supervision: Supervision,
    ) -> None:
        super().__init__()
        for key, value in {"batch_size": batch_size, "crop_size": crop_size, "crops_per_picture": crops_per_picture}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        if channels not in (1, 3):
            raise UserError(f"channels={channels}: pictures are gray (1) or RGB (3)")
        self.channels, self.batch_size, self.crop_size = channels, batch_size, crop_size
        self.crops_per_picture, self.augment, self.val_crop = crops_per_picture, augment, val_crop
        self.seed, self.degradation, self.supervision = seed, degradation, supervision
        self.stores: dict[str, PictureStore] = {}
        self.notes: list[str] = []

    @abstractmethod
    def load(self, split: str) -> PictureStore | None:
        """The pictures of `train`, `val` or `test`; None where there are none."""

    @abstractmethod
    def take_all(self) -> None:
        """Make every picture a test picture, where the set has no test part of its own."""

    def setup(self, stage: str | None = None) -> None:
        """Read what a stage needs, once: `fit` all but the test set, `test` the test set."""
        wanted = {"fit": ("train", "val"), "validate": ("val",), "test": ("test",)}.get(stage or "", SPLITS)
        for split in wanted:
            if split not in self.stores and (store := self.load(split)) is not None and len(store):
                self.stores[split] = store
        if "train" in wanted:
            self._check_crops()
            self.order = Order(len(self.stores["train"]), self.seed)

    def _check_crops(self) -> None:
        if "train" not in self.stores:
            raise UserError("data: there are no training pictures here: name a training set, data=… data.root=…")
        store = self.stores["train"]
        small = torch.minimum(store.heights, store.widths).argmin()
        height, width = int(store.heights[small]), int(store.widths[small])
        if min(height, width) < self.crop_size:
            raise UserError(
                f"{store.names[small]} is {width} x {height}, smaller than data.crop_size={self.crop_size}: "
                f"take data.crop_size={min(height, width)} or leave the picture out"
            )

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch."""
        return max(1, len(self.stores["train"]) * self.crops_per_picture // self.batch_size)

    def train_dataloader(self) -> Steps:
        """Step numbers, from the method's position on."""
        self.stores["train"].to(self.trainer.strategy.root_device)
        return Steps(self.steps_per_epoch, lambda: self.trainer.lightning_module.position)

    def val_dataloader(self) -> range:
        """Numbers of validation pictures."""
        return range(len(self.stores.get("val", ())))

    def on_after_batch_transfer(self, batch: Any, dataloader_idx: int) -> Batch:
        """A number -> the batch, on the trainer's device."""
        trainer, device = self.trainer, self.trainer.strategy.root_device
        if trainer.training:
            return self.training_batch(int(batch), trainer.global_rank, trainer.world_size, device)
        return self.measured_batch("val", int(batch), device, middle(self.val_crop))

    def training_batch(self, step: int, rank: int, world: int, device: torch.device) -> Batch:
        """This rank's share of the batch of a step: a function of (seed, step, sample) alone."""
        share = self.batch_size // world
        slots = range(step * self.batch_size + rank * share, step * self.batch_size + (rank + 1) * share)
        store = self.stores["train"]
        windows = self._windows(store, slots)
        layers = store.crops(Crops(**{k: v.to(device) for k, v in vars(windows).items()}), self.crop_size)
        streams = Streams([mix(self.seed, "noise", slot) for slot in slots], device)
        return self.supervision(self._pictures(layers, windows.index), self.degradation, streams)

    def _windows(self, store: PictureStore, slots: range) -> Crops:
        index = self.order[slots]
        chance = Streams([mix(self.seed, "crop", slot) for slot in slots]).uniform(3).double()
        top, left = (
            (chance[:, i] * (sizes.cpu()[index] - self.crop_size + 1)).long()
            for i, sizes in enumerate((store.heights, store.widths))
        )
        mirror = (chance[:, 2] * 8).long() if self.augment else torch.zeros_like(top)
        return Crops(index, top, left, mirror)

    def measured_batch(self, split: str, i: int, device: torch.device | str, cut: Cut = whole) -> Batch:
        """A picture to measure on: its noise depends on the seed and on the picture, and is drawn on the CPU.

        cut: takes the part that is measured, before the noise.
        """
        store = self.stores[split]
        layers = {layer: cut(value.cpu()) for layer, value in store.picture(i).items()}
        streams = Streams([mix(self.seed, store.keys[i])])
        batch = self.supervision(self._pictures(layers, torch.tensor([i])), self.degradation, streams)
        return move_data_to_device(batch, torch.device(device))

    @staticmethod
    def _pictures(layers: dict[str, Tensor], index: Tensor) -> Pictures:
        shots = tuple(value for layer, value in layers.items() if layer.startswith("shot"))
        return Pictures(index=index, clean=layers.get("clean"), shots=shots)

