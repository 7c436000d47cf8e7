"""A picture that is read row by row: what streaming needs of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.io.layers import Layers
from denoiselab.io.metadata import Metadata
from denoiselab.io.picture import Picture, unstacked


@dataclass(frozen=True)
class Page:
    """A picture that need not be in memory.

    channels: 1 (gray) or 3 (RGB); `alpha` is one more.
    dtype: uint8, uint16 or float32.
    rows: [start, stop) -> `(stop - start, W, samples)`, alpha last.
    layers: what an EXR file holds beside its picture.
    """

    height: int
    width: int
    channels: int
    alpha: bool
    dtype: str
    rows: Callable[[int, int], NDArray[Any]]
    icc: bytes | None = None
    about: Metadata = field(default_factory=Metadata)
    layers: Layers | None = None

    @property
    def samples(self) -> int:
        """Channels and alpha."""
        return self.channels + self.alpha


def page_of(picture: Picture) -> Page:
    """A picture in memory."""
    stacked, dtype = picture.stacked, str(picture.pixels.dtype)
    height, width, channels = picture.pixels.shape
    alpha = picture.alpha is not None
    carried: dict[str, Any] = {"icc": picture.icc, "about": picture.about, "layers": picture.layers}
    return Page(height, width, channels, alpha, dtype, lambda a, b: stacked[a:b], **carried)


def picture_of(page: Page, bands: Iterable[NDArray[Any]]) -> Picture:
    """A page whose rows have come, in memory."""
    return unstacked(np.concatenate(list(bands)), page.channels == 1, page.icc, page.about, page.layers)
