"""Pictures in tensor files: clean ones, pairs, or two noisy sets."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from denoiselab.data.holding import checked, hold_out, too_few
from denoiselab.data.pictures import PictureData
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError
from denoiselab.io.tensors import read_pictures
from denoiselab.units import to_float

SLACK = 0.1
"""How far clean values may lie beyond black and white."""


class TensorFiles(PictureData):
    """Pictures of one size, sample i of one file with sample i of the other.

    input: `FILE.npy`, `FILE.npz#NAME` or `FILE.pt#NAME`: clean pictures, or noisy ones where there is a target.
    target: what the input is held against; null: the input is clean and gets noise.
    target_is: `clean`, or `noisy` for a second shot (then supervision=noise2noise).
    held_out: part of the samples kept back for validation, and the same for the test.
    """

    def __init__(
        self,
        *,
        input: str | None,
        target: str | None,
        target_is: Literal["clean", "noisy"],
        held_out: float,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if input is None:
            raise UserError("input is not set: name a file of pictures, data.input=FILE.npy (.npz, .pt)")
        checked(held_out, splits=2)
        names = ("clean",) if target is None else ("shot0", "clean" if target_is == "clean" else "shot1")
        self.places = dict(zip(names, filter(None, (input, target)), strict=True))
        self.held_out, self.all_are_test = held_out, False

    def setup(self, stage: str | None = None) -> None:
        if not hasattr(self, "layers"):
            self.layers = self.read()
        super().setup(stage)

    def read(self) -> dict[str, Tensor]:
        """The pictures of every layer, `(n, H, W, C)`, of one type."""
        layers = {layer: self._matched(read_pictures(place), layer, place) for layer, place in self.places.items()}
        shapes = [tuple(pictures.shape[:3]) for pictures in layers.values()]
        if len({*shapes}) > 1:
            held = " and ".join(f"{place} {shape}" for place, shape in zip(self.places.values(), shapes, strict=True))
            raise UserError(f"data.input and data.target must be of one shape (n, H, W): of {held}, leave some out")
        if len({pictures.dtype for pictures in layers.values()}) > 1:
            return {layer: to_float(pictures) for layer, pictures in layers.items()}
        return layers

    def _matched(self, pictures: Tensor, layer: str, place: str) -> Tensor:
        if pictures.is_floating_point():
            least, most = map(float, pictures.aminmax())
            if not math.isfinite(least + most):
                raise UserError(f"{place}: holds values that are no numbers: leave those pictures out")
            middle = float(pictures.mean())
            if not 0 <= middle <= 1 or (layer == "clean" and not -SLACK <= least <= most <= 1 + SLACK):
                raise UserError(
                    f"{place}: floats from {least:.3g} to {most:.3g}, {middle:.3g} in the mean: "
                    "uint8, or floats with black 0 and white 1 (noise may go beyond) are needed"
                )
        if self.channels < pictures.shape[3]:
            raise UserError("data.channels=1: the file holds pictures of 3 channels: data.channels=3")
        return pictures.expand(-1, -1, -1, self.channels)

    def take_all(self) -> None:
        self.all_are_test = True

    def load(self, split: str) -> PictureStore | None:
        count = len(next(iter(self.layers.values())))
        shares = hold_out([str(i) for i in range(count)], self.held_out, ("val", "test"))
        mine = [i for i, share in enumerate(["test"] * count if self.all_are_test else shares) if share == split]
        if split == "train":
            self.notes += too_few(count, self.held_out, ("val", "test"))
        if not mine:
            return None
        file = Path(next(iter(self.places.values()))).name
        pictures = {layer: list(values[torch.tensor(mine)]) for layer, values in self.layers.items()}
        return PictureStore.of(pictures, [f"{file}[{i}]" for i in mine])
