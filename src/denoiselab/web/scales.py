"""From values to places in a drawing, and the values that are worth a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from denoiselab.report.figures import COLOURS

DASHES, FEW = ("", "6 3", "2 3"), 8
"""Of lines that have a colour in common, and up to how many values have a tick each."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Scale:
    """`low` lies at `start`, `high` at `end`, what is between in proportion, or in that of the logarithms."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Where a value lies, to a tenth."""
        low, high, value = (math.log(v) if self.logarithmic else v for v in (self.low, self.high, value))
        return round(self.start + (self.end - self.start) * (value - low) / (high - low), 1)

    def ticks(self, own: Iterable[float], apart: float) -> list[Tick]:
        """Ticks at these values, where they are few and so far apart, else at round ones."""
        own = sorted(set(own))
        near = any(abs(self(b) - self(a)) < apart for a, b in pairwise(own))
        return self.round_ticks() if near or len(own) > FEW else [Tick(self(v), spoken(v)) for v in own]

    def round_ticks(self) -> list[Tick]:
        """Ticks at round values."""
        return [Tick(self(value), spoken(value)) for value in self._round()]

    def _round(self) -> list[float]:
        from matplotlib.ticker import MaxNLocator

        if self.logarithmic:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
            if len(inside := [value for value in found if self.low <= value <= self.high]) > 1:
                return inside
        values = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(self.low, self.high)
        return [float(value) for value in values if self.low <= value <= self.high]


def around(values: Sequence[float], start: float, end: float, *, logarithmic: bool = False) -> Scale:
    """A scale that leaves a little room around these values."""
    low, high = min(values), max(values)
    if logarithmic:
        room = max((high / low) ** 0.06, 1.05)
        return Scale(low / room, high * room, start, end, True)
    room = 0.06 * (high - low) or max(abs(high), 1) * 0.05
    return Scale(low - room, high + room, start, end)


def spoken(value: float) -> str:
    """A number in few letters: 0.5, 30, 1.5k, 2M."""
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * unit or (abs(value) >= unit and unit > 1e3):
            return f"{value / unit:.3g}{letter}"
    return f"{value:g}" if value == round(value) else f"{value:.4g}"


@dataclass(frozen=True)
class Style:
    """How a line looks."""

    colour: str
    dash: str


def styles(names: Iterable[str]) -> dict[str, Style]:
    """A look for each name, in their order, so that a name looks alike in all drawings of a page."""
    count = len(COLOURS)
    return {
        name: Style(COLOURS[i % count], DASHES[i // count % len(DASHES)]) for i, name in enumerate(dict.fromkeys(names))
    }
