"""A picture as overlapping blocks of 8 × 8 pixels, and the energies of their frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from denoiselab.diagnosis.clipping import at_ends

Floats = NDArray[np.floating]
SIDE = 8
MOST = 60_000
"""Blocks of a picture that are looked at; more of them change nothing but the time."""
CUT = 0.5
"""Blocks with this part of their values at black or white, in any channel, say nothing of the noise."""
PLACES = np.arange(SIDE)
BASIS: Floats = np.sqrt(2 / SIDE) * np.cos(np.pi * np.outer(PLACES, PLACES + 0.5) / SIDE)
BASIS[0] /= np.sqrt(2)
BASIS = BASIS.astype(np.float32)
"""The orthonormal DCT-II `(frequency, place)`."""


@dataclass(frozen=True)
class Blocks:
    """Blocks of a picture.

    means: `(B, C)`, each block's mean.
    energies: `(B, C, 8, 8)`, the squared DCT coefficients; of white noise each is its variance, in the mean.
    differences: `(B, 2, 8, 8)`, those of red and of blue less green, over sqrt 2: where channels have white noise of
        their own, as much as in `energies`; `(B, 0, 8, 8)` where there are no three channels.
    """

    means: Floats
    energies: Floats
    differences: Floats


def blocks_of(bands: Sequence[Floats]) -> Blocks:
    """The blocks of a picture that is given as bands of rows, each `(h, W, C)` and not lower than a block."""
    values = sum(band.shape[0] * band.shape[1] for band in bands)
    stride = max(1, int(np.ceil(np.sqrt(values / MOST))))
    found = np.concatenate([windows(band, stride) for band in bands])
    told = at_ends(found).mean((2, 3)).max(1) < CUT
    found = found[told] if told.any() else found
    coefficients = np.swapaxes(np.swapaxes(found @ BASIS.T, -1, -2) @ BASIS.T, -1, -2)
    colours = slice(0, 3, 2) if coefficients.shape[1] == 3 else slice(0)
    differences = np.square(coefficients[:, colours] - coefficients[:, 1:2]) / 2
    return Blocks(coefficients[..., 0, 0] / SIDE, np.square(coefficients), differences)


def windows(band: Floats, stride: int) -> Floats:
    """`(h, W, C)` -> blocks `(B, C, 8, 8)`, one every `stride` pixels along both axes."""
    seen = np.lib.stride_tricks.sliding_window_view(band, (SIDE, SIDE), axis=(0, 1))[::stride, ::stride]
    return np.ascontiguousarray(seen).reshape(-1, band.shape[2], SIDE, SIDE)
