"""Noise that was cut off at black and white: how much there was before."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ROUNDS, FAINTEST = 60, 1e-6
NORMAL = NormalDist()


def at_ends(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which values lie at black (0) or white (1) exactly."""
    return np.asarray((values == 0) | (values == 1))


def part_cut(bands: Sequence[NDArray[np.float32]]) -> float:
    """The part of the values that was cut off at black or white; none where there are values beyond them."""
    if any(band.min() < 0 or band.max() > 1 for band in bands):
        return 0.0
    return sum(int(at_ends(band).sum()) for band in bands) / sum(band.size for band in bands)


def clipped_moments(mean: float, std: float) -> tuple[float, float]:
    """The mean and std of a normal value that is clipped to [0, 1]."""
    low, high = -mean / std, (1 - mean) / std
    inside, white = NORMAL.cdf(high) - NORMAL.cdf(low), 1 - NORMAL.cdf(high)
    below, above = NORMAL.pdf(low), NORMAL.pdf(high)
    first = mean * inside + std * (below - above) + white
    second = (mean**2 + std**2) * inside + std * (mean * below - (1 + mean) * above) + white
    return first, float(np.sqrt(max(second - first**2, 1e-20)))


def unclipped(mean: float, std: float) -> tuple[float, float]:
    """The mean and std of the normal value that has these when clipped to [0, 1].

    By fixed-point iteration, where Foi (2009, doi:10.1016/j.sigpro.2009.04.035) has closed approximations. The mean is
    a picture's, within [0, 1].
    """
    before, spread = mean, max(std, FAINTEST)
    for _ in range(ROUNDS):
        seen, seen_std = clipped_moments(before, spread)
        before = float(np.clip(before + mean - seen, 0, 1))
        spread = min(max(spread * std / seen_std, FAINTEST), 1.0)
    return before, spread
