"""Vectors with classes in a file of a person's own: features of sounds, measurements, anything."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from denoiselab.data.holding import checked, hold_out, too_few
from denoiselab.data.tensors import TensorData, TensorStore
from denoiselab.errors import UserError
from denoiselab.io.tensors import read_array


class Features(TensorData):
    """Samples of d features and a class each, for supervision=label; a sample is a picture of 1 x d, `(n, 1, 1, d)`.

    Each feature is taken to [0, 1] by the least and the greatest value of the training samples; what lies beyond them
    in the others is clipped. Vincent et al. 2010 (JMLR 11) so classify sounds (tzanetakis) by a stack of autoencoders.

    input: `FILE.npy`, `FILE.npz#NAME` or `FILE.pt#NAME` of `(n, d)`.
    labels: of `(n,)`, whole numbers from 0.
    held_out: part of the samples kept back for validation, and the same for the test.
    """

    channels: int

    def __init__(self, *, input: str | None, labels: str | None, held_out: float, channels: int, **shared: Any) -> None:
        super().__init__(**shared)
        for key, value in {"input": input, "labels": labels}.items():
            if value is None:
                raise UserError(f"{key} is not set: name an array, data.{key}=FILE.npy (FILE.npz#NAME, FILE.pt#NAME)")
        checked(held_out, splits=2)
        if channels != 1:
            raise UserError(f"channels={channels}: a feature is one number, 1")
        self.places = (str(input), str(labels))
        self.held_out, self.channels = held_out, channels

    def setup(self, stage: str | None = None) -> None:
        if not hasattr(self, "features"):
            self.features, self.classes = self.read()
            self.shares = hold_out([str(i) for i in range(len(self.classes))], self.held_out, ("val", "test"))
            self.notes += too_few(len(self.classes), self.held_out, ("val", "test"))
            known = self.features[self.numbers("train")]
            self.low, self.high = known.amin(0), known.amax(0)
        super().setup(stage)

    def read(self) -> tuple[Tensor, Tensor]:
        """Features `(n, d)` and classes `(n,)`."""
        features, classes = map(read_array, self.places)
        if features.ndim != 2 or not len(features) or classes.shape != features.shape[:1]:
            raise UserError(
                f"data: input holds {tuple(features.shape)}, labels {tuple(classes.shape)}: (n, d) and (n,) are needed"
            )
        if classes.is_floating_point() or int(classes.min()) < 0:
            raise UserError(f"labels={self.places[1]}: whole numbers from 0 are needed")
        if not features.isfinite().all():
            raise UserError(f"input={self.places[0]}: some values are no numbers: leave those samples out")
        return features.float(), classes.long()

    def numbers(self, split: str) -> Tensor:
        """Which samples a split has."""
        return torch.tensor([i for i, share in enumerate(self.shares) if share == split], dtype=torch.long)

    def load(self, split: str) -> TensorStore | None:
        if not len(mine := self.numbers(split)):
            return None
        spread = (self.high - self.low).clamp_min(torch.finfo(torch.float32).tiny)
        scaled = ((self.features[mine] - self.low) / spread).clamp(0, 1)
        layers = {"clean": scaled[:, None, None], "label": self.classes[mine]}
        return TensorStore(layers, [f"sample {i}" for i in mine.tolist()])

    def take_all(self) -> None:
        """What is held out is the test."""
