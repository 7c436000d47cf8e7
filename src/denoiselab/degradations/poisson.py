"""Shot noise: a photon count for every value."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Noise
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.streams import Streams


class Poisson(Noise):
    """y = P(photons · x) / photons: zero-mean about x, with variance x / photons.

    photons: the expected count at x = 1 (the lambda of Lehtinen et al. 2018), or `[low, high]`, drawn uniformly for
        each picture. Negative values, which no light has, count as 0.

    `Observation.level` is the count at x = 1.
    """

    keeps = frozenset({Statistic.MEAN})
    clamps = True

    def __init__(self, *, photons: float | Sequence[float]) -> None:
        self.photons = Range.of("photons", photons, least=1e-6)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.photons.draw(streams)
        photons = per_sample(level, clean)
        counts = streams.poisson((clean.clamp_min(0) * photons).float())
        return Observation(counts.to(clean) / photons, level=level)

    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        light = clean.clamp_min(0)
        return (light / self.photons.high).sqrt(), (light / self.photons.low).sqrt()

    def describe(self) -> str:
        return f"Poisson, {self.photons.describe(' photons at white')}"
