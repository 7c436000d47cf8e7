"""Protocols: the named ways of the field to take a figure from restored pictures."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.metrics.luma import luma
from denoiselab.metrics.pair import exact
from denoiselab.streams import Streams, mix
from denoiselab.units import to_float, to_uint8


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How test pictures are cut and how a restored one is compared with a clean one.

    A figure means nothing without its protocol: `describe()` goes with it. The numbers are in
    `conf/protocol/<name>.yaml`, with their source.

    crop: side of the random crop taken of every test picture before the noise. None: the whole.
    window: side of the square whose place in the picture is drawn, with the crop at its top left.
        None: the crop's own place is drawn.
    pool: pictures, in the set's order, whose squared errors are pooled before the logarithm; the
        figure is the mean over these groups (the last may be smaller). 1: PSNR of each picture.
    clamp: the restored picture is clamped to [0, 1] for the metric (never in training).
    quantize: both pictures are rounded to 8 bits, as when they are saved and read back.
    border: pixels left out at each side.
    luma: compare BT.601 luma of RGB, not the colours.
    """

    name: str
    crop: int | None
    window: int | None
    pool: int
    clamp: bool
    quantize: bool
    border: int
    luma: bool

    def __post_init__(self) -> None:
        if self.crop is not None and self.crop < 1:
            raise UserError(f"crop={self.crop}: a side of at least 1 pixel is needed, or null for the whole picture")
        if self.window is not None and (self.crop is None or self.window < self.crop):
            raise UserError(f"window={self.window}: it holds the crop ({self.crop}), so it can't be smaller")
        if self.pool < 1:
            raise UserError(f"pool={self.pool}: at least 1 picture is needed")
        if self.border < 0:
            raise UserError(f"border={self.border}: 0 or more pixels are needed")
        if self.quantize and not self.clamp:
            raise UserError("clamp=false contradicts quantize=true (8 bits hold [0, 1] only): set one of them")

    def cropped(self, picture: Tensor, seed: int, key: int | str, name: str) -> Tensor:
        """`(N, C, H, W)` -> the test crop `(N, C, crop, crop)`, or the whole where no crop is asked.

        The position is a pure function of the seed, the picture's key and its size: the same for every restorer,
        run and machine, and for a picture's shots and auxiliary channels. As in seed 002, the last row and column
        offsets are never drawn.

        Raises:
            UserError: the picture, by its name, is smaller than the crop or its window.
        """
        if self.crop is None:
            return picture
        height, width = picture.shape[-2:]
        side, named = (self.crop, "crop") if self.window is None else (self.window, "window")
        if min(height, width) < side:
            raise UserError(
                f"protocol.{named}={side} is larger than test picture {name} of {height}×{width}: "
                f"use larger pictures, a smaller protocol.{named}, or protocol=default"
            )
        streams = Streams([mix(seed, key, "crop")])
        top, left = (int(streams.integers(0, max(1, size - side))) for size in (height, width))
        return picture[..., top : top + self.crop, left : left + self.crop]

    def prepare(self, restored: Tensor, clean: Tensor) -> tuple[Tensor, Tensor]:
        """Two float pictures `(N, C, H, W)`, nominally in [0, 1] -> the two that are compared."""
        restored, clean = exact(restored, clean)
        if self.clamp:
            restored = restored.clamp(0, 1)
        if self.quantize:
            restored, clean = to_float(to_uint8(restored)), to_float(to_uint8(clean))
        if self.luma:
            restored, clean = luma(restored), luma(clean)
        return self._inside(restored), self._inside(clean)

    def _inside(self, picture: Tensor) -> Tensor:
        height, width = picture.shape[-2:]
        if min(height, width) <= 2 * self.border:
            raise UserError(
                f"protocol.border={self.border} leaves nothing of a {height}×{width} picture: make it smaller"
            )
        return picture[..., self.border : height - self.border, self.border : width - self.border]

    def describe(self) -> str:
        """One line that goes with a figure."""
        parts = [
            f"mean of the PSNR pooled over {self.pool} pictures" if self.pool > 1 else "mean of each picture's PSNR",
            "rounded to 8 bits" if self.quantize else "clamped" if self.clamp else "not clamped",
            "whole pictures" if self.crop is None else f"random {self.crop}×{self.crop} crops",
        ]
        parts += [] if self.window is None else [f"each at the top left of a random {self.window}×{self.window} window"]
        parts += ["BT.601 luma"] if self.luma else []
        parts += [f"without a border of {self.border} px"] if self.border else []
        return f"{self.name}: " + ", ".join(parts)
