"""Points in the plane, drawn from a cloud: data small enough to see what a denoiser learns."""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any, Literal

import torch
from torch import Tensor

from denoiselab.data.tensors import TensorData, TensorStore
from denoiselab.domains import POINTS
from denoiselab.errors import UserError
from denoiselab.streams import Streams

RADIUS, OPENING = 0.5, 0.3
"""Of the open circle: its radius, and the distance between its two ends."""
TURNS = 1.5
"""Of the spiral, which begins at its middle and ends at `RADIUS`."""
SPOTS, SPREAD = 5, 0.03
"""How many spots the scattered cloud has on a circle of `RADIUS`, and the standard deviation of each."""


class Points(TensorData):
    """Points `(n, 2)` of a cloud that lies in [-1, 1]²; one that is open, winding, or in pieces.

    cloud: `open_circle` (seed 001's, whose opening is where noisy points come from both ends), `spiral`, `spots`.
    train_size, val_size, test_size: how many points. They are the same whatever the seed.
    """

    domain = POINTS
    channels: int

    def __init__(
        self,
        *,
        cloud: Literal["open_circle", "spiral", "spots"],
        channels: int,
        train_size: int,
        val_size: int,
        test_size: int,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if channels != 2:
            raise UserError(f"channels={channels}: points of the plane have 2 coordinates")
        self.cloud, self.channels = cloud, channels
        self.sizes = {"train": train_size, "val": val_size, "test": test_size}
        for split, size in self.sizes.items():
            if size < 1:
                raise UserError(f"{split}_size={size}: at least 1 point is needed")

    def load(self, split: str) -> TensorStore:
        return TensorStore({"clean": CLOUDS[self.cloud](Streams([f"{self.cloud} {split}"]), self.sizes[split])})

    def take_all(self) -> None:
        """The splits are drawn apart."""


def open_circle(streams: Streams, many: int) -> Tensor:
    """A circle without the arc over a chord of `OPENING` at its right."""
    gap = 2 * torch.asin(torch.tensor(OPENING / (2 * RADIUS)))
    angle = gap / 2 + (2 * pi - gap) * streams.uniform(many)[0]
    return RADIUS * turned(angle)


def spiral(streams: Streams, many: int) -> Tensor:
    """Archimedes' spiral, its points as dense outside as inside."""
    part = streams.uniform(many)[0].sqrt()
    return RADIUS * part[:, None] * turned(2 * pi * TURNS * part)


def spots(streams: Streams, many: int) -> Tensor:
    """Normal spots on a circle."""
    number = streams.integers(0, SPOTS, many)[0]
    return RADIUS * turned(2 * pi * number / SPOTS) + SPREAD * streams.normal(many, 2)[0]


def turned(angle: Tensor) -> Tensor:
    """The points of the unit circle at these angles: `(n,)` -> `(n, 2)`."""
    return torch.stack((angle.cos(), angle.sin()), 1)


CLOUDS: dict[str, Callable[[Streams, int], Tensor]] = {"open_circle": open_circle, "spiral": spiral, "spots": spots}
