"""A picture in memory, and its conversion between gray and colour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.io.layers import Layers
from denoiselab.io.metadata import Metadata

GIGAPIXELS = 2
RGB_TO_GRAY = (0.2989, 0.5870, 0.1140)


@dataclass
class Picture:
    """A picture as it is stored, upright, and what is needed to write it back the same way.

    pixels: `(H, W, C)`, C = 1 (gray) or 3 (RGB); uint8, uint16, or float32 as a float TIFF or an EXR holds it.
    alpha: `(H, W)` of the same dtype, not premultiplied, or None.
    icc: the colour profile, carried along and never applied.
    about: what else the file says, carried along.
    layers: what an EXR file holds beside its picture.
    """

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None = None
    icc: bytes | None = None
    about: Metadata = field(default_factory=Metadata)
    layers: Layers | None = None

    @property
    def stacked(self) -> NDArray[Any]:
        """`(H, W, C)` or with alpha as the last channel `(H, W, C + 1)`."""
        return self.pixels if self.alpha is None else np.dstack([self.pixels, self.alpha])


def unstacked(
    array: NDArray[Any],
    gray: bool,
    icc: bytes | None = None,
    about: Metadata | None = None,
    layers: Layers | None = None,
) -> Picture:
    """Gray `(H, W)`, `(H, W, 1)`, `(H, W, 2)` or colour `(H, W, 3)`, `(H, W, 4)` -> a picture."""
    array = array[..., None] if array.ndim == 2 else array
    channels = 1 if gray else 3
    alpha = array[..., channels] if array.shape[2] > channels else None
    pixels = np.ascontiguousarray(array[..., :channels])
    return Picture(pixels, None if alpha is None else alpha.copy(), icc, about or Metadata(), layers)


def to_channels(pixels: NDArray[Any], channels: int) -> NDArray[Any]:
    """`(H, W, 1 or 3)` -> `(H, W, channels)`, channels = 1 or 3, of the same dtype.

    RGB to gray is MATLAB's `rgb2gray`, by which the field's gray test sets were made: BT.601 weights
    on full range, rounded to nearest in an integer type. It is not the limited-range Y of YCbCr
    [16, 235], which raises the PSNR by half a dB. Gray to RGB repeats the channel.
    """
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=2)
    gray = sum(weight * pixels[..., i].astype(np.float64) for i, weight in enumerate(RGB_TO_GRAY))
    if np.issubdtype(pixels.dtype, np.integer):
        gray = np.floor(np.asarray(gray) + 0.5)
    return np.asarray(gray).astype(pixels.dtype)[..., None]


def upright(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """`(H, W, ...)` as stored -> as it is to be seen, by the EXIF / TIFF orientation 1 to 8."""
    if orientation in (5, 6, 7, 8):
        array = np.swapaxes(array, 0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return array[:, ::-1] if orientation in (2, 3, 6, 7) else array
