"""Patches of natural photographs, whitened: what first layers are looked at on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from denoiselab.data.installed import gray_photographs, squares
from denoiselab.data.tensors import TensorData, TensorStore
from denoiselab.domains import WHITENED
from denoiselab.errors import UserError
from denoiselab.streams import Streams

CUTOFF = 0.4
"""Of the low-pass, in cycles a pixel: Olshausen and Field's 200 cycles of pictures of 512 pixels."""


class Patches(TensorData):
    """Square pieces of whitened gray photographs, `(n, 1, side, side)`, of mean 0 and about variance 1.

    Vincent et al. 2010 (JMLR 11) drew theirs from the ten landscapes of Olshausen and Field (1996, Nature 381); here
    they come from photographs inside scikit-image's wheel, whitened in the same way; the same ones whatever the seed.

    train, val, test: file names in `skimage/data`, no photograph in two of them.
    side: of a patch in pixels; train_size, val_size, test_size: how many patches.
    """

    domain = WHITENED
    channels: int

    def __init__(
        self,
        *,
        train: Sequence[str],
        val: Sequence[str],
        test: Sequence[str],
        side: int,
        channels: int,
        train_size: int,
        val_size: int,
        test_size: int,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if channels != 1:
            raise UserError(f"channels={channels}: whitened patches are gray, 1")
        self.photographs = {"train": train, "val": val, "test": test}
        self.sizes = {"train": train_size, "val": val_size, "test": test_size}
        self.side, self.channels = side, channels
        for key, value in {"side": side, **{f"{split}_size": size for split, size in self.sizes.items()}}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")

    def load(self, split: str) -> TensorStore:
        photographs = gray_photographs(self.photographs[split], split)
        streams, many = Streams([f"patches {split}"]), self.sizes[split]
        of, drawn = streams.integers(0, len(photographs), many)[0], torch.empty(many, self.side, self.side)
        for i, photograph in enumerate(photographs):
            mine = of == i
            drawn[mine] = squares(whitened(photograph), streams, int(mine.sum()), self.side)
        return TensorStore({"clean": drawn[:, None]})

    def take_all(self) -> None:
        """The splits are fixed by name."""


def whitened(photograph: Tensor) -> Tensor:
    """`(H, W)` -> the same size, mean 0: each frequency f times f·exp(-(f / CUTOFF)⁴), then scaled to variance 1.

    Natural photographs fall off with 1/f; the low-pass takes away what lies between the pixels' rows and columns.
    """
    height, width = photograph.shape
    frequency = torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None])
    gain = frequency * (-((frequency / CUTOFF) ** 4)).exp()
    flat = torch.fft.irfft2(torch.fft.rfft2(photograph) * gain, s=(height, width))
    return flat / flat.std()
