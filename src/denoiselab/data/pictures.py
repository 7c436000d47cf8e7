"""Pictures: random crops to train on, whole ones to measure on."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.module import Data
from denoiselab.data.store import Crops, PictureStore, centre
from denoiselab.errors import UserError
from denoiselab.streams import uniform


class PictureData(Data):
    """Clean pictures, pairs or bursts of any sizes.

    channels: 1 (gray) or 3 (RGB); pictures of the other kind are converted, and the summary says so.
    crop_size: side of the square training crops in pixels.
    crops_per_picture: how many crops of each picture make an epoch.
    augment: mirror and turn the crops by random quarter turns.
    shuffle_channels: put the channels of each crop in a random order, so that few pictures teach all colours.
    val_crop: validate on the middle square of this side, or null for the whole picture.
    """

    channels: int

    def __init__(
        self,
        *,
        channels: int,
        crop_size: int,
        crops_per_picture: int,
        augment: bool,
        shuffle_channels: bool,
        val_crop: int | None,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        for key, value in {"crop_size": crop_size, "crops_per_picture": crops_per_picture}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        if channels not in (1, 3):
            raise UserError(f"channels={channels}: pictures are gray (1) or RGB (3)")
        self.channels, self.crop_size, self.crops_per_picture = channels, crop_size, crops_per_picture
        self.augment, self.shuffle_channels, self.val_crop = augment, shuffle_channels, val_crop

    def setup(self, stage: str | None = None) -> None:
        super().setup(stage)
        if (store := self.stores.get("train")) is not None:
            self._check_crops(store)

    def _check_crops(self, store: PictureStore) -> None:
        small = np.minimum(store.heights, store.widths).argmin()
        height, width = int(store.heights[small]), int(store.widths[small])
        if min(height, width) < self.crop_size:
            raise UserError(
                f"{store.names[small]} is {width} x {height}, smaller than data.crop_size={self.crop_size}: "
                f"take data.crop_size={min(height, width)} or leave the picture out"
            )

    @property
    def samples_per_epoch(self) -> int:
        return len(self.stores["train"]) * self.crops_per_picture

    def drawn(self, index: np.ndarray, slots: range, device: torch.device) -> dict[str, Tensor]:
        store = self.stores["train"]
        chance = np.stack([uniform(6, self.seed, "crop", slot) for slot in slots], axis=1)
        top, left = (
            (part * (sizes[index] - self.crop_size + 1)).astype(np.int64)
            for part, sizes in zip(chance, (store.heights, store.widths), strict=False)
        )
        mirror = (chance[2] * 8).astype(np.int64) * self.augment
        orders = np.array(list(permutations(range(self.channels))))
        colours = orders[(chance[3] * len(orders)).astype(np.int64)] if self.shuffle_channels else None
        return store.crops(Crops(index, top, left, mirror, colours, shots=chance[4:]), self.crop_size, device)

    def validated(self, sample: Tensor) -> Tensor:
        return sample if self.val_crop is None else centre(sample, self.val_crop)
