"""Textures made of random numbers: `(SIDE, SIDE, 3)` uint8, linear reflectance on [0, 255]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Array = NDArray[Any]
SIDE = 128
DARKEST, LIGHTEST = 0.03, 0.85
"""Reflectances as paint and paper have them; a lighter room would never get dark."""


def texture(random: Generator) -> Array:
    """One of the kinds below between two or more colours."""
    kinds = (checks, stripes, clouds, marble, tiles, dots, cells, collage)
    pattern = kinds[random.integers(len(kinds))](random)
    return np.round(np.clip(pattern, 0, 1) * 255).astype(np.uint8)


def colour(random: Generator) -> Array:
    """A reflectance `(3,)`: grays, muted and strong colours."""
    hue, strength = random.random(3), random.beta(1.2, 1.5)
    lightness = random.uniform(DARKEST, LIGHTEST)
    return np.asarray(np.clip(lightness * (1 - strength + strength * hue / hue.max()), DARKEST, LIGHTEST))


def mixed(weight: Array, random: Generator) -> Array:
    """`(H, W)` in [0, 1] -> from one colour to another."""
    return weight[..., None] * colour(random) + (1 - weight[..., None]) * colour(random)


def grid() -> tuple[Array, Array]:
    """Coordinates in [0, 1) down and across."""
    line = np.arange(SIDE) / SIDE
    return line[:, None] + 0 * line, line + 0 * line[:, None]


def checks(random: Generator) -> Array:
    """A chessboard."""
    (down, across), many = grid(), random.integers(2, 12)
    return mixed(((down * many).astype(int) + (across * many).astype(int)) % 2.0, random)


def stripes(random: Generator) -> Array:
    """Hard or soft stripes of any direction."""
    (down, across), sharp = grid(), 10 ** random.uniform(0, 1.5)
    phase = random.integers(0, 9) * down + random.integers(1, 9) * across
    return mixed(np.clip(0.5 + sharp * np.sin(2 * np.pi * phase), 0, 1), random)


def clouds(random: Generator) -> Array:
    """Smooth noise of many scales."""
    return mixed(noise(random), random)


def marble(random: Generator) -> Array:
    """Bands bent by smooth noise."""
    (_, across), bands = grid(), random.uniform(2, 6)
    return mixed(0.5 + 0.5 * np.sin(2 * np.pi * (bands * across + 3 * noise(random))), random)


def noise(random: Generator) -> Array:
    """Smooth noise in [0, 1] that repeats at its borders: octaves of random grids, interpolated."""
    (down, across), total = grid(), np.zeros((SIDE, SIDE))
    for octave in range(1, 6):
        cells = random.random((2**octave, 2**octave))
        total += blended(cells, down * 2**octave, across * 2**octave) / 2**octave
    return np.asarray((total - total.min()) / (total.max() - total.min()))


def blended(cells: Array, down: Array, across: Array) -> Array:
    """A periodic grid of values between its points, by smooth steps."""
    many = len(cells)
    i, j = down.astype(int), across.astype(int)
    y, x = (t * t * (3 - 2 * t) for t in (down - i, across - j))
    rows = [(1 - x) * cells[k % many, j % many] + x * cells[k % many, (j + 1) % many] for k in (i, i + 1)]
    return np.asarray((1 - y) * rows[0] + y * rows[1])


def tiles(random: Generator) -> Array:
    """Bricks or planks, each a little lighter or darker, with mortar between."""
    (down, across), rows, columns = grid(), random.integers(3, 12), random.integers(1, 7)
    row = (down * rows).astype(int)
    along = across * columns + 0.5 * (row % 2)
    shade = random.uniform(0.5, 1, (rows, columns))[row, along.astype(int) % columns]
    mortar = np.minimum((down * rows) % 1 / columns, along % 1 / rows) < 0.08 / max(rows, columns)
    return np.where(mortar[..., None], colour(random), shade[..., None] * colour(random))


def dots(random: Generator) -> Array:
    """Round dots on a square grid."""
    (down, across), many, radius = grid(), random.integers(2, 10), random.uniform(0.15, 0.45)
    return mixed(1.0 * (np.hypot((down * many) % 1 - 0.5, (across * many) % 1 - 0.5) < radius), random)


def cells(random: Generator) -> Array:
    """Stones: each point belongs to the nearest of some random ones."""
    down, across = grid()
    points = random.random((random.integers(8, 60), 2))
    apart = [np.abs(np.subtract.outer(line, points[:, i])) for i, line in enumerate((down[:, 0], across[0]))]
    near = [np.minimum(gap, 1 - gap) ** 2 for gap in apart]
    owner = (near[0][:, None, :] + near[1][None, :, :]).argmin(-1)
    return mixed(random.random(len(points)), random)[owner]


def collage(random: Generator) -> Array:
    """Rectangles of many colours, one over the other."""
    picture = np.broadcast_to(colour(random), (SIDE, SIDE, 3)).copy()
    for _ in range(random.integers(10, 40)):
        top, left = random.integers(0, SIDE, 2)
        height, width = random.integers(4, SIDE // 2, 2)
        picture[top : top + height, left : left + width] = colour(random)
    return picture
