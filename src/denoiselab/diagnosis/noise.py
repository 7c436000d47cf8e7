"""What noise a picture holds: how much, whether it follows the light, whether neighbours share it, what was cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from denoiselab.diagnosis.blocks import SIDE, blocks_of
from denoiselab.diagnosis.clipping import part_cut, unclipped
from denoiselab.diagnosis.flat import flattest, neighbours, whiteness
from denoiselab.diagnosis.line import Line, Points
from denoiselab.errors import UserError

WHITE, STEADY, SURE, CUT = 0.4, 1.4, 0.6, 0.005
"""From which whiteness on noise counts as white; up to which ratio of its std at the two ends of the picture's range
as independent of the light; how much better than a level a slope has to be; which part of the values cut is told."""
BELOW = {"white": 0.4, "correlated": 0.15}
"""See `line.Points`: at the coarse frequencies of correlated noise there is more texture."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The noise in a picture whose values are in [0, 1].

    std: its root mean square over the picture.
    variance: the noise's variance at an intensity; level where it doesn't depend on the signal.
    darkest, brightest: the intensities between which it was seen.
    correlation: of neighbouring pixels' noise; 0 where it is white.
    cut: part of the values that lie at black or white, where noise is cut off.
    """

    std: float
    variance: Line
    darkest: float
    brightest: float
    correlation: float
    cut: float

    @property
    def follows_light(self) -> bool:
        """Whether it is stronger at some intensities than at others."""
        return self.variance.slope != 0

    @property
    def correlated(self) -> bool:
        """Whether neighbours share it."""
        return self.correlation != 0

    @property
    def clipped(self) -> bool:
        """Whether much of the picture was cut off."""
        return self.cut > CUT

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
    bands = [band for band in bands if min(band.shape[:2]) >= 2 * SIDE]
    if not bands:
        raise UserError(f"the noise can't be estimated on less than {2 * SIDE} x {2 * SIDE} pixels: name a checkpoint")
    flat = flattest(blocks_of(bands))
    correlated = float(whiteness(flat.spectrum).max()) < WHITE
    variance = flat.spectrum.mean((1, 2)) if correlated else flat.fine
    intensity = flat.intensity
    if (cut := part_cut(bands)) > 0:
        before = [unclipped(float(mean), float(std)) for mean, std in zip(intensity, np.sqrt(variance), strict=True)]
        intensity, variance = np.array([mean for mean, _ in before]), np.array([std**2 for _, std in before])
    line = followed(Points(intensity, variance, BELOW["correlated" if correlated else "white"]))
    mean = float(np.mean([band.mean() for band in bands]))
    return Diagnosis(
        std=float(np.sqrt(line(mean))),
        variance=line,
        darkest=float(intensity.min()),
        brightest=float(intensity.max()),
        correlation=neighbours(np.median(flat.spectrum, 0)) if correlated else 0.0,
        cut=cut,
    )


def followed(points: Points) -> Line:
    """The variance's line, with a slope only where it says something."""
    level, line = points.level(), points.line()
    ends = line(np.array([points.intensity.min(), points.intensity.max()]))
    steady = ends.max() / ends.min() < STEADY**2
    return line if points.misses(line) < SURE * points.misses(level) and not steady else level
