"""What the two Gaussian noises share: a level drawn for each sample, and white noise of that level."""

from collections.abc import Sequence

from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


def level_range(key: str, level: float | Sequence[float]) -> tuple[float, float]:
    """A level, or `[low, high]` for blind noise -> (low, high).

    Raises:
        UserError: negative, infinite, or not in order.
    """
    bounds = tuple(level) if isinstance(level, Sequence) else (level, level)
    if len(bounds) != 2 or not 0 <= bounds[0] <= bounds[1] < float("inf"):
        raise UserError(f"{key}={level}: a noise level is a number >= 0, or [low, high] for blind noise")
    return float(bounds[0]), float(bounds[1])


def awgn(clean: Tensor, streams: Streams, low: float, high: float) -> Observation:
    """Y = x + std n, n ~ N(0, 1) for every value, std ~ U(low, high) for each sample of `(N, ...)`."""
    level = low + (high - low) * streams.uniform()
    spread = level.to(clean).view(-1, *[1] * (clean.ndim - 1))
    return Observation(streams.normal(*clean.shape[1:]).to(clean).mul_(spread).add_(clean), level=level)
