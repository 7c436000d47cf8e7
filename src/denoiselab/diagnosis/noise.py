"""What noise a picture holds: how much, whether it follows the light, whether neighbours share it, what was cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from denoiselab.diagnosis.blocks import SIDE, Floats, blocks_of
from denoiselab.diagnosis.clipping import part_cut, unclipped
from denoiselab.diagnosis.dots import part_of_dots
from denoiselab.diagnosis.flat import flattest, neighbours, usual, whiteness
from denoiselab.diagnosis.line import Line, Points
from denoiselab.errors import UserError

SMALLEST = 2 * SIDE
"""Pixels along a side from which on noise can be told."""
WHITE, STEADY, SURE, CUT = 0.4, 1.4, 0.6, 0.005
"""From which whiteness on noise counts as white; up to which ratio of its std at the two ends of the picture's range
as independent of the light; how much better than a level a slope has to be; which part of the values cut is told."""
DOTS, FAINT = 0.015, 1 / 255
"""Which part of dots is told; the std below which there is hardly any noise, an 8-bit step."""
LOUD = 15 / 255
"""The std from which on a picture hardly is a clean one."""
BETWEEN = 0.7
"""Which part of the noise shared by the channels is told."""
LEAST = 3 / 255
"""The std from which on that is told: of less, the picture's own texture, which all channels share, may be as much."""
BELOW = {"white": 0.4, "correlated": 0.15}
"""See `line.Points`: at the coarse frequencies of correlated noise there is more texture."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The noise in a picture whose values are in [0, 1].

    std: its root mean square over the picture.
    variance: the noise's variance at an intensity; level where it doesn't depend on the signal.
    darkest, brightest: the intensities between which it was seen.
    correlation: of neighbouring pixels' noise; 0 where it is white.
    between: part of the finest noise that the channels share, next to all of it where colour is stored at half the
        size (JPEG's 4:2:0); 1 in a gray picture, which is repeated for a network of three.
    cut: part of the values that lie at black or white, where noise is cut off.
    dots: part of the values that are dots of black and white (impulse noise).
    """

    std: float
    variance: Line
    darkest: float
    brightest: float
    correlation: float
    cut: float
    between: float = 0.0
    dots: float = 0.0

    @property
    def follows_light(self) -> bool:
        """Whether it is stronger at some intensities than at others."""
        return self.variance.slope != 0

    @property
    def correlated(self) -> bool:
        """Whether neighbours share it."""
        return self.correlation != 0

    @property
    def shared(self) -> bool:
        """Whether the channels share it; of weak noise, or such as neighbours share, too little is at the finest."""
        return self.between > BETWEEN and self.std >= LEAST and not self.correlated

    @property
    def clipped(self) -> bool:
        """Whether much of the picture was cut off."""
        return self.cut > CUT

    @property
    def dotted(self) -> bool:
        """Whether there is impulse noise."""
        return self.dots > DOTS

    @property
    def faint(self) -> bool:
        """Whether there is hardly any noise."""
        return self.std < FAINT

    def std_at(self, intensity: float) -> float:
        """The noise's standard deviation at an intensity."""
        return float(np.sqrt(self.variance(intensity)))


def diagnose(bands: Sequence[NDArray[np.float32]]) -> Diagnosis:
    """A picture in [0, 1], as one or several bands of its rows `(h, W, C)`, -> its noise.

    For white noise the error is a few percent from sigma 10 on; where a picture has no flat place its texture counts
    as noise (`experiments/noise_estimate`).

    Raises:
        UserError: the picture is smaller than 16 × 16.
    """
    bands = [band for band in bands if min(band.shape[:2]) >= SMALLEST]
    if not bands:
        raise UserError(f"the noise can't be estimated on less than {SMALLEST} x {SMALLEST} pixels")
    flat = flattest(blocks_of(bands))
    correlated = float(whiteness(flat.spectrum).max()) < WHITE
    cut, below = part_cut(bands), BELOW["correlated" if correlated else "white"]
    variances = [flat.spectrum.mean((1, 2)), usual(flat.spectrum)] if correlated else [flat.fine]
    seen = [Points(*(uncut(flat.intensity, v) if cut else (flat.intensity, v)), below) for v in variances]
    line, mean = followed(seen), float(np.mean([band.mean() for band in bands]))
    return Diagnosis(
        std=float(np.sqrt(line(mean))),
        variance=line,
        darkest=float(seen[0].intensity.min()),
        brightest=float(seen[0].intensity.max()),
        correlation=neighbours(np.median(flat.spectrum, 0)) if correlated else 0.0,
        cut=cut,
        between=1 - float(np.median(flat.apart)),
        dots=part_of_dots(bands),
    )


def uncut(intensity: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Intensities and variances `(K,)` as they were before values were cut off."""
    before = [unclipped(float(mean), float(std)) for mean, std in zip(intensity, np.sqrt(variance), strict=True)]
    return np.array([mean for mean, _ in before]), np.array([std**2 for _, std in before])


def followed(seen: Sequence[Points]) -> Line:
    """The line of the first of several measurements; with a slope only where all of them say that there is one."""
    return seen[0].line() if all(map(slopes, seen)) else seen[0].level()


def slopes(points: Points) -> bool:
    """Whether a slope says something."""
    level, line = points.level(), points.line()
    ends = line(np.array([points.intensity.min(), points.intensity.max()]))
    return points.misses(line) < SURE * points.misses(level) and float(ends.max() / ends.min()) >= STEADY**2
