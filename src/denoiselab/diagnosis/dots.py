"""Dots of black and white: impulse noise, of which no standard deviation tells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from denoiselab.diagnosis.clipping import at_ends

FAR, BEYOND, MOST = 0.25, 6.0, 50_000
"""How far from its neighbours' median a dot is, and how often their median deviation; values that are looked at."""
AROUND = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if (row, column) != (0, 0)]


def part_of_dots(bands: Sequence[NDArray[np.float32]]) -> float:
    """The part of the values that lie at black or white exactly, and far from the eight around them, which agree."""
    return sum(dots(band) for band in bands) / sum(band.size for band in bands)


def dots(band: NDArray[np.float32]) -> float:
    """How many dots there are in `(h, W, C)`; where much lies at black and white, from a part of that."""
    places = np.argwhere(at_ends(band[1:-1, 1:-1])) + np.array([1, 1, 0])
    if not len(places):
        return 0.0
    step = -(-len(places) // MOST)
    rows, columns, channels = places[::step].T
    near = np.stack([band[rows + down, columns + right, channels] for down, right in AROUND])
    middle = np.median(near, 0)
    apart, spread = np.abs(band[rows, columns, channels] - middle), np.median(np.abs(near - middle), 0)
    return float(step * ((apart > FAR) & (apart > BEYOND * spread)).sum())
