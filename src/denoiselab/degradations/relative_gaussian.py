"""Additive white Gaussian noise as strong as the picture is bright."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.awgn import awgn
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range
from denoiselab.streams import Streams


class RelativeGaussian(Degradation):
    """y = x + std n, n ~ N(0, 1), with std² = variance_ratio · mean(x²) over all values of a picture: seed 000.

    variance_ratio: the noise's power over the picture's, or `[low, high]`, drawn uniformly for each picture.

    Never clipped. `Observation.level` is the standard deviation.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(self, *, variance_ratio: float | Sequence[float]) -> None:
        self.variance_ratio = Range.of("variance_ratio", variance_ratio)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        power = clean.square().flatten(1).mean(1)
        return awgn(clean, streams, (self.variance_ratio.draw(streams).to(power) * power).sqrt())

    def describe(self) -> str:
        return f"white Gaussian, variance {self.variance_ratio.describe(' of the mean square')}"
