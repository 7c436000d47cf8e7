"""Samples of one shape held in a tensor: digits, points, vectors."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.module import Data
from denoiselab.units import to_float


class TensorStore:
    """Layers `(n, ...)` of n samples, uint8 or float, as they were stored.

    names: of the samples; None for their numbers.
    """

    def __init__(self, layers: dict[str, Tensor], names: list[str] | None = None) -> None:
        self.layers = layers
        first = next(iter(layers.values()))
        self.names = names or [str(i) for i in range(len(first))]
        self.keys = [hashlib.blake2b(s.contiguous().numpy().tobytes(), digest_size=8).hexdigest() for s in first]

    def __len__(self) -> int:
        return len(self.names)

    def to(self, device: torch.device) -> TensorStore:
        """Move the samples (nothing is copied where they are there already)."""
        self.layers = {layer: samples.to(device) for layer, samples in self.layers.items()}
        return self

    def samples(self, index: Tensor) -> dict[str, Tensor]:
        """These samples of every layer as floats (labels stay whole numbers)."""
        picked = {layer: samples[index.to(samples.device)] for layer, samples in self.layers.items()}
        return {layer: value if layer == "label" else to_float(value) for layer, value in picked.items()}

    def sample(self, i: int) -> dict[str, Tensor]:
        """Sample i of every layer, as a batch of one."""
        return self.samples(torch.tensor([i]))

    def describe(self) -> str:
        """How many there are, and of which shape."""
        shape = tuple(next(iter(self.layers.values())).shape[1:])
        return f"{len(self)} of {' x '.join(map(str, shape))}"


class TensorData(Data):
    """Samples of one shape, each seen once an epoch."""

    together: ClassVar[int] = 256

    @property
    def samples_per_epoch(self) -> int:
        return len(self.stores["train"])

    def drawn(self, index: np.ndarray, slots: range, device: torch.device) -> dict[str, Tensor]:
        return {
            layer: value.to(device) for layer, value in self.stores["train"].samples(torch.from_numpy(index)).items()
        }
