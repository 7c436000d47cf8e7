"""Additive white Gaussian noise (AWGN)."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma


class Gaussian(Degradation):
    """y = x + (sigma / 255) n with n ~ N(0, 1), independent for every value.

    sigma: the level on the 8-bit scale, or `[low, high]` for blind noise whose level is drawn
        uniformly for each picture.
    clip: cut the noisy value to [0, 1], as a camera would. The mean is then no longer kept, and the
        value may not be a target.

    `Observation.level` is the standard deviation on [0, 1] data.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(self, *, sigma: float | Sequence[float], clip: bool) -> None:
        low, high = self._range(sigma)
        self.std = (std_from_sigma(low), std_from_sigma(high))
        self.sigma, self.clip = sigma, clip
        if clip:
            self.keeps, self.may_be_target = frozenset(), False  # type: ignore[misc]

    @staticmethod
    def _range(sigma: float | Sequence[float]) -> tuple[float, float]:
        bounds = tuple(sigma) if isinstance(sigma, Sequence) else (sigma, sigma)
        if len(bounds) != 2 or not 0 <= bounds[0] <= bounds[1] < float("inf"):
            raise UserError(
                f"sigma={sigma}: a noise level on the 8-bit scale is a number >= 0, or [low, high] for blind noise"
            )
        return float(bounds[0]), float(bounds[1])

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        low, high = self.std
        level = low + (high - low) * streams.uniform()
        value = streams.normal(*clean.shape[1:]).to(clean).mul_(self._spread(level, clean)).add_(clean)
        return Observation(value.clamp_(0, 1) if self.clip else value, level=level)

    @staticmethod
    def _spread(level: Tensor, clean: Tensor) -> Tensor:
        return level.to(clean).view(-1, *[1] * (clean.ndim - 1))

    def describe(self) -> str:
        bounds = f"in {list(self.sigma)}, blind" if isinstance(self.sigma, Sequence) else f"{self.sigma:g}"
        return f"Gaussian, sigma {bounds} of 255" + (", clipped" if self.clip else "")
