"""Variance against intensity as a line: noise has one, what isn't noise lies above it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from denoiselab.diagnosis.blocks import Floats

LEAST = 1e-12


@dataclass(frozen=True)
class Line:
    """Variance = black + slope · intensity, all on [0, 1]; what it is at the least where a line would go below 0."""

    black: float
    slope: float

    def __call__(self, intensity: Floats | float) -> Floats:
        """The variance at an intensity."""
        return np.maximum(self.black + self.slope * np.asarray(intensity), LEAST)


@dataclass(frozen=True)
class Points:
    """Variances seen at some intensities, `(K,)` each.

    below: which part of the points a line leaves below: texture only ever adds to the noise.
    """

    intensity: Floats
    variance: Floats
    below: float

    def misses(self, line: Line) -> float:
        """The mean of the distances from a line, relative to it; above it they count by `below`, else by the rest."""
        off = self.variance / line(self.intensity) - 1
        return float(np.maximum(self.below * off, (self.below - 1) * off).mean())

    def level(self) -> Line:
        """The best line without a slope."""
        return min((Line(float(value), 0) for value in self.variance), key=self.misses)

    def line(self) -> Line:
        """The best of all lines through two of the points: a quantile regression (Koenker and Bassett 1978)."""
        best, seen = self.level(), zip(self.intensity.tolist(), self.variance.tolist(), strict=True)
        for (x, y), (other_x, other_y) in combinations(seen, 2):
            if other_x != x:
                slope = (other_y - y) / (other_x - x)
                best = min(best, Line(y - slope * x, slope), key=self.misses)
        return best
