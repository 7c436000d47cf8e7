"""A camera's raw noise: shot noise of the light, read noise of the electronics."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Noise
from denoiselab.degradations.poisson import Poisson
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma

GRAY = 0.5
"""The intensity at which one number tells the level."""


class PoissonGaussian(Noise):
    """y = P(photons · x) / photons + (sigma / 255) n, on linear data: variance x / photons + (sigma / 255)².

    photons: the count at x = 1; sigma: the read noise on the 8-bit scale; either `[low, high]` for blind noise.

    `Observation.level` is the std at middle gray, on [0, 1] data.
    Source: Foi et al. 2008, doi:10.1109/TIP.2008.2001399.
    """

    keeps = frozenset({Statistic.MEAN})
    clamps = True

    def __init__(self, *, photons: float | Sequence[float], sigma: float | Sequence[float]) -> None:
        self.shot = Poisson(photons=photons)
        self.sigma = Range.of("sigma", sigma)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        shot = self.shot(clean, streams)
        std = self.sigma.draw(streams) * std_from_sigma(1)
        read = streams.normal(*clean.shape[1:]).to(clean) * per_sample(std, clean)
        assert shot.level is not None
        return Observation(shot.value + read, level=(GRAY / shot.level + std**2).sqrt())

    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        shot, read = self.shot.std_range(clean), (std_from_sigma(self.sigma.low), std_from_sigma(self.sigma.high))
        return (shot[0] ** 2 + read[0] ** 2).sqrt(), (shot[1] ** 2 + read[1] ** 2).sqrt()

    def describe(self) -> str:
        return f"{self.shot.describe()}, and Gaussian, sigma {self.sigma.describe(' of 255')}"
