"""A strength that is one number, or drawn for each sample from a range (blind)."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.streams import Streams


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both within the bounds that a degradation allows; equal for one strength."""

    low: float
    high: float

    @classmethod
    def of(cls, key: str, value: float | Sequence[float], *, least: float = 0, most: float = float("inf")) -> "Range":
        """A number, or `[low, high]`.

        Raises:
            UserError: not a finite number, out of bounds or not in order.
        """
        bounds = tuple(value) if isinstance(value, Sequence) else (value, value)
        if len(bounds) != 2 or not least <= bounds[0] <= bounds[1] <= most or bounds[1] == float("inf"):
            allowed = f"from {least:g} to {most:g}" if most < float("inf") else f">= {least:g}"
            raise UserError(
                f"{key}={value}: a number {allowed} is needed, or [low, high] in this order, drawn for each picture"
            )
        return cls(float(bounds[0]), float(bounds[1]))

    def draw(self, streams: Streams) -> Tensor:
        """`(N,)` uniform strengths."""
        return self.low + (self.high - self.low) * streams.uniform()

    def describe(self, unit: str = "") -> str:
        """`30 of 255`, or `in [0, 50] of 255, blind`."""
        if self.low == self.high:
            return f"{self.low:g}{unit}"
        return f"in [{self.low:g}, {self.high:g}]{unit}, blind"


def per_sample(strength: Tensor, like: Tensor) -> Tensor:
    """`(N,)` -> a shape and dtype that broadcasts over the samples `(N, ...)`."""
    return strength.to(like).view(-1, *[1] * (like.ndim - 1))
