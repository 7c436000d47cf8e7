"""Additive white Gaussian noise on the data's own scale: points, vectors, features."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.awgn import awgn
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range
from denoiselab.streams import Streams


class White(Degradation):
    """y = x + std n with n ~ N(0, 1), independent for every value; never clipped.

    std: the standard deviation in the data's own unit, or `[low, high]` for blind noise whose level is
        drawn uniformly for each sample.

    Confused with `Gaussian`, the same noise for pictures, whose `sigma` is on the 8-bit scale.
    `Observation.level` is the standard deviation.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(self, *, std: float | Sequence[float]) -> None:
        self.std = Range.of("std", std)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        return awgn(clean, streams, self.std.draw(streams))

    def describe(self) -> str:
        return f"white Gaussian, std {self.std.describe()}"
