"""How one axis of a picture is cut into tiles."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor


class Span(NamedTuple):
    """Pixels [start, stop) of an axis are seen by the network, of which [low, high) are this tile's own."""

    start: int
    stop: int
    low: int
    high: int

    def times(self, scale: int) -> Span:
        """The same span in the restored picture."""
        return Span(*(position * scale for position in self))


def spans(size: int, tile: int, halo: int, grid: int) -> list[Span]:
    """Own parts of at most `tile` pixels side by side, each seen with `halo` more; all begin on the grid.

    They are of one size, but for the last: a narrow one would be all halo.
    """
    count, halo = -(-size // (-(-tile // grid) * grid)), -(-halo // grid) * grid
    tile = -(-size // (count * grid)) * grid
    own = [(low, min(low + tile, size)) for low in range(0, size, tile)]
    return [Span(max(low - halo, 0), min(low + tile + halo, size), low, high) for low, high in own]


def ramps(line: list[Span]) -> list[Tensor]:
    """A weight for every pixel of every span: linear over an overlap, and one in sum everywhere."""
    size = line[-1].stop
    weights = [ramp(span, size) for span in line]
    total = torch.zeros(size, dtype=torch.float64)
    for span, weight in zip(line, weights, strict=True):
        total[span.start : span.stop] += weight
    return [weight / total[span.start : span.stop] for span, weight in zip(line, weights, strict=True)]


def ramp(span: Span, size: int) -> Tensor:
    """Distance to the nearer end of a span; an end of the picture is no end."""
    here = torch.arange(span.start, span.stop, dtype=torch.float64)
    after = here - span.start + 1 if span.start > 0 else torch.full_like(here, size)
    before = span.stop - here if span.stop < size else torch.full_like(here, size)
    return torch.minimum(after, before)


def finished(line: list[Span]) -> list[int]:
    """For every span, up to where the axis is done once it was added: the start of the next, or the end."""
    return [after.start for _, after in pairwise(line)] + [line[-1].stop]
