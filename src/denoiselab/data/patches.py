"""Patches of natural photographs, whitened: what first layers are looked at on."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from denoiselab.data.reading import read_store
from denoiselab.data.tensors import TensorData, TensorStore
from denoiselab.domains import WHITENED
from denoiselab.errors import UserError
from denoiselab.streams import Streams

CUTOFF = 0.4
"""Of the low-pass, in cycles a pixel: Olshausen and Field's 200 cycles of pictures of 512 pixels."""
VARIANCE = 0.1
"""Of a whitened photograph; theirs too."""


class Patches(TensorData):
    """Square pieces of whitened gray photographs, `(n, 1, side, side)`, of mean 0 and about `VARIANCE`.

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
        spec = find_spec("skimage")
        folder = Path(spec.origin or "").parent / "data" if spec else Path()
        files = [{"clean": folder / name} for name in self.photographs[split]]
        store = read_store(files, 1, [], skip_broken=False, cache=None)
        if store is None:
            raise UserError(f"{split}=[]: name photographs of scikit-image, e.g. [coffee.png, chelsea.png]")
        streams, many = Streams([f"patches {split}"]), self.sizes[split]
        whole = [whitened(store.sample(i)["clean"][0, 0]) for i in range(len(store))]
        of = streams.integers(0, len(whole), many)[0]
        chance = streams.uniform(2, many)[0]
        drawn = [cut(whole[i], self.side, *places) for i, places in zip(of, chance.T, strict=True)]
        return TensorStore({"clean": torch.stack(drawn)[:, None]})

    def take_all(self) -> None:
        """The splits are fixed by name."""


def whitened(photograph: Tensor) -> Tensor:
    """`(H, W)` -> the same size, mean 0: each frequency f times f·exp(-(f / CUTOFF)⁴), then scaled to `VARIANCE`.

    Natural photographs fall off with 1/f; the low-pass takes away what lies between the pixels' rows and columns.
    """
    height, width = photograph.shape
    frequency = torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None])
    gain = frequency * (-((frequency / CUTOFF) ** 4)).exp()
    flat = torch.fft.irfft2(torch.fft.rfft2(photograph) * gain, s=(height, width))
    return flat * (VARIANCE / flat.var()).sqrt()


def cut(photograph: Tensor, side: int, *chance: Tensor) -> Tensor:
    """A square of `(H, W)`, at a part in [0, 1) of the way down and of the way across."""
    top, left = (int(part * (size - side + 1)) for part, size in zip(chance, photograph.shape, strict=True))
    return photograph[top : top + side, left : left + side]
