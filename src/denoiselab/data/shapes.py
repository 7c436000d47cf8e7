"""Rectangles and convex sets: the classes of Larochelle et al. 2007 that are drawn, not written.

All sets are `(n, SIDE, SIDE)` bool; `streams` holds one stream, so that a set is a function of its key alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import log, pi

import torch
from torch import Tensor

from denoiselab.streams import Streams

SIDE = 28
CONVEX = (0.195, 19)
PART = (0.07, 10)
"""The geometric distribution of the number of half-planes, and the fewest pixels: of a convex set, and of the parts of
one that isn't."""
TILT = 4.0
"""Of the unions, exp(-TILT · white part) are kept, so that the two classes have equally many pixels in the mean. The
source has that by the numbers above; as we read it, they alone would leave the unions larger."""
PARTS = (2, 5)
"""From how many parts to less than how many a set that isn't convex is made."""


def rectangles(streams: Streams, allowed: list[tuple[int, int]], many: int) -> tuple[Tensor, Tensor, Tensor]:
    """Rectangles of these heights and widths, somewhere within the picture: filled, their borders, whether tall."""
    sizes = torch.tensor(allowed)[streams.integers(0, len(allowed), many)[0]]
    corner = (streams.uniform(many, 2)[0] * (SIDE - sizes + 1)).long()
    place = torch.arange(SIDE)
    within = (place >= corner[..., None]) & (place < (corner + sizes)[..., None])
    inner = (place > corner[..., None]) & (place < (corner + sizes - 1)[..., None])
    filled, hole = (axes[:, 0, :, None] & axes[:, 1, None] for axes in (within, inner))
    return filled, filled & ~hole, sizes[:, 0] > sizes[:, 1]


def sides(fits: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """All heights and widths that fit."""
    return [(h, w) for h in range(1, SIDE + 1) for w in range(1, SIDE + 1) if fits(h, w)]


def convex_sets(streams: Streams, many: int, chance: float, least: int) -> Tensor:
    """Intersections of half-planes of any place and direction, with at least so many pixels."""
    return collected(many, _candidates(streams, chance, least))


def non_convex_sets(streams: Streams, many: int) -> Tensor:
    """Unions of convex sets that are not convex."""

    def unions(batch: int = 1000) -> Iterator[Tensor]:
        while True:
            parts = convex_sets(streams, PARTS[1] * batch, *PART).view(batch, PARTS[1], SIDE, SIDE)
            used = torch.arange(PARTS[1]) < streams.integers(*PARTS, batch)[0][:, None]
            sets = (parts & used[..., None, None]).any(1)
            small = streams.uniform(batch)[0] < (-TILT * sets.flatten(1).float().mean(1)).exp()
            yield sets[small][~is_convex(sets[small])]

    return collected(many, unions())


def _candidates(streams: Streams, chance: float, least: int, batch: int = 4000) -> Iterator[Tensor]:
    axis = torch.arange(SIDE) + 0.5
    while True:
        planes = (streams.uniform(batch)[0].clamp_min(1e-9).log() / log(1 - chance)).ceil().clamp_min(1)
        sets, done = torch.ones(batch, SIDE, SIDE, dtype=torch.bool), list[Tensor]()
        number = 0
        while len(sets):
            place, angle = SIDE * streams.uniform(len(sets), 2)[0], 2 * pi * streams.uniform(len(sets))[0]
            down, across = (axis - place[:, i, None] for i in (0, 1))
            sets &= down[:, :, None] * angle.sin()[:, None, None] + across[:, None] * angle.cos()[:, None, None] >= 0
            number += 1
            large = sets.flatten(1).sum(1) >= least
            done.append(sets[large & (planes == number)])
            sets, planes = sets[large & (planes > number)], planes[large & (planes > number)]
        whole = torch.cat(done)
        yield whole[streams.uniform(len(whole))[0].argsort()]


def collected(many: int, pieces: Iterator[Tensor]) -> Tensor:
    """The first so many of what comes piece by piece."""
    found: list[Tensor] = []
    while sum(map(len, found)) < many:
        found.append(next(pieces))
    return torch.cat(found)[:many]


def is_convex(sets: Tensor) -> Tensor:
    """Whether for every pair of a set's pixels the pixel in the middle, where there is one, belongs to it: `(n,)`."""
    convex, left = torch.zeros(len(sets), dtype=torch.bool), torch.arange(len(sets))
    half = SIDE // 2
    steps = [(down, across) for down in range(half) for across in range(-half + 1, half)]
    for step in sorted(steps, key=lambda step: step[0] ** 2 + step[1] ** 2):
        before, middle, after = (_window(sets, k, *step) for k in (0, 1, 2))
        still = ~(before & after & ~middle).flatten(1).any(1)
        if not still.all():
            sets, left = sets[still], left[still]
    convex[left] = True
    return convex


def _window(sets: Tensor, k: int, down: int, across: int) -> Tensor:
    """The pixels from which two steps stay within the picture, moved by k steps."""
    top, left = k * down, max(0, -2 * across) + k * across
    return sets[:, top : top + SIDE - 2 * down, left : left + SIDE - 2 * abs(across)]
