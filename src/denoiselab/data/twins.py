"""Near-duplicates: pictures that share a piece, though one was cropped, re-encoded or turned gray."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data.module import Store
from denoiselab.io.picture import RGB_TO_GRAY

FINE, COARSE, APART = 5, 17, 17
"""Sides of the boxes whose difference has its peaks at the marks, and of the square in which a mark is the only one."""
MARKS, PEAKS, FAINTEST = 48, 1000, 0.01
"""Marks of a picture at most, of its strongest peaks those whose look it has but once; and how strong one has to be."""
REACH, STEP = 16, 4
"""A mark's look is that of the 33 x 33 pixels around it, at every fourth."""
ALIKE, SHIFT, AGREE = 8, 2, 3
"""Bits of 64 in which two looks may differ; pixels by which two shifts may; and how many marks have to agree."""

MOST = 2000
"""Pictures that are looked at, some 10 ms for each."""

Marks = NDArray[np.int64]


def marks_of(store: Store) -> Marks:
    """The marks of a store's pictures, the first 2000, `(K, 4)`: the picture's number, row, column and look of each.

    The clean picture's, or the first shot's. A mark lies where fine and coarse differ most, wherever the picture was
    cut; its look is 64 comparisons of neighbouring brightnesses (the difference hash). What a picture shows in several
    places, as along an edge, tells no place and is no mark.
    """
    found = [np.zeros((0, 4), np.int64)]
    for i in range(min(len(store), MOST)):
        layers = store.sample(i)
        own = marks(layers["clean" if "clean" in layers else "shot0"].cpu())
        found.append(np.concatenate([np.full((len(own), 1), i), own], 1))
    return np.concatenate(found)


def marks(picture: Tensor) -> Marks:
    """The marks of one picture `(1, C, H, W)`: row, column and look, `(K, 3)`; none in one that is too small."""
    if min(picture.shape[-2:]) <= 2 * REACH:
        return np.zeros((0, 3), np.int64)
    weights = picture.new_tensor(RGB_TO_GRAY if picture.shape[1] == 3 else [1.0] * picture.shape[1])
    gray = (picture * (weights / weights.sum()).view(1, -1, 1, 1)).sum(1, keepdim=True)
    fine, coarse = box(gray, FINE), box(gray, COARSE)
    strength = (fine - coarse).abs()
    greatest = F.max_pool2d(F.max_pool2d(strength, (APART, 1), 1, (APART // 2, 0)), (1, APART), 1, (0, APART // 2))
    peaks = (strength == greatest) & (strength > FAINTEST)
    inside = torch.zeros_like(peaks)
    inside[..., REACH:-REACH, REACH:-REACH] = True
    rows, columns = torch.nonzero((peaks & inside)[0, 0], as_tuple=True)
    order = strength[0, 0, rows, columns].argsort(descending=True)[:PEAKS]
    rows, columns = rows[order], columns[order]
    down, right = torch.arange(-REACH + STEP // 2, REACH, STEP), torch.arange(-REACH, REACH + 1, STEP)
    seen = fine[0, 0][rows[:, None, None] + down[:, None], columns[:, None, None] + right]
    bits = (seen[..., 1:] > seen[..., :-1]).flatten(1).numpy()
    looks = np.packbits(bits, axis=1).view(np.int64)
    once = (np.bitwise_count(looks ^ looks.T) <= ALIKE).sum(1) == 1
    found = np.concatenate([np.stack([rows.numpy(), columns.numpy()], 1), looks], 1)
    return found[once][:MARKS]


def box(gray: Tensor, side: int) -> Tensor:
    """The mean over the square around each pixel."""
    down = F.avg_pool2d(gray, (side, 1), 1, (side // 2, 0), count_include_pad=False)
    return F.avg_pool2d(down, (1, side), 1, (0, side // 2), count_include_pad=False)


def shared(one: Marks, other: Marks) -> Iterator[tuple[int, int]]:
    """The numbers of pictures of two sets that share a piece: several marks look alike and are shifted alike."""
    for number in np.unique(one[:, 0]):
        mine = one[one[:, 0] == number]
        alike = np.bitwise_count(mine[:, None, 3] ^ other[None, :, 3]) <= ALIKE
        places = np.argwhere(alike)
        shifts = np.concatenate([other[places[:, 1], :1], mine[places[:, 0], 1:3] - other[places[:, 1], 1:3]], 1)
        for twin in np.unique(shifts[:, 0]):
            moved = shifts[shifts[:, 0] == twin, 1:]
            together = (np.abs(moved[:, None] - moved).max(2) <= SHIFT).sum(1)
            if together.max() >= AGREE:
                yield int(number), int(twin)
