"""Additive white Gaussian noise on the data's own scale: points, vectors, features."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
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
        bounds = tuple(std) if isinstance(std, Sequence) else (std, std)
        if len(bounds) != 2 or not 0 <= bounds[0] <= bounds[1] < float("inf"):
            raise UserError(f"std={std}: a standard deviation is a number >= 0, or [low, high] for blind noise")
        self.low, self.high = map(float, bounds)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.low + (self.high - self.low) * streams.uniform()
        spread = level.to(clean).view(-1, *[1] * (clean.ndim - 1))
        return Observation(streams.normal(*clean.shape[1:]).to(clean).mul_(spread).add_(clean), level=level)

    def describe(self) -> str:
        return f"white Gaussian, std {self.low:g}" + (f" to {self.high:g}, blind" if self.high > self.low else "")
