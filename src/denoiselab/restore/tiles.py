"""Restoring a picture of any size in the memory of a tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import lcm

import torch
from torch import Tensor

from denoiselab.errors import UserError, memory_is_full
from denoiselab.networks.padding import Restore, crop_to
from denoiselab.networks.signature import Signature
from denoiselab.restore.assembly import Job, blend, paste
from denoiselab.restore.spans import Span, spans

TILE, LEAST = 512, 32
"""The usual and the smallest side of a tile's own part."""
HALO = 64


@torch.no_grad()
def restore_tiled(function: Restore, picture: Tensor, signature: Signature, tile: int = TILE) -> Tensor:
    """`(1, C, H, W)` uint8, uint16 or float -> restored `(1, C', H * scale, W * scale)` of the same dtype and device.

    See `restored_bands`.
    """
    if picture.ndim != 4 or picture.shape[0] != 1:
        raise ValueError(f"one picture (1, C, H, W) is needed, not {tuple(picture.shape)}")
    return whole(enough(function, signature, tile), picture, signature, tile)


def restored_bands(
    function: Restore, read: Callable[[int, int], Tensor], size: tuple[int, int], signature: Signature, tile: int
) -> Iterator[Tensor]:
    """A picture that is read in bands of rows -> its restored rows from top to bottom, in the dtype that is read.

    function: a float tile `(1, C, h, w)`, integers scaled to [0, 1], -> its restored tile, on any device.
    read: rows [start, stop) of the picture, `(1, C, stop - start, W)`; the next ones may overlap those before.
    size: the picture's height and width.
    tile: the side of a tile's own part, in pixels. The network sees the halo more on every side.

    With a finite radius the halo is that radius, tiles begin on the network's grid, and no border is seen but the
    picture's own: the result equals `restore_whole`, and one tile at a time is held as float. With an unbounded
    radius (attention, normalisation over the picture) it can't equal it, unless the picture is within one tile:
    tiles are seen with a halo of 64 pixels and blended by linear weights over the overlap, and one row of tiles is
    held as float.

    Raises:
        UserError: a network of one size, and a picture of another.
    """
    return bands(enough(function, signature, tile), read, size, signature, tile)


def bands(
    function: Restore, read: Callable[[int, int], Tensor], size: tuple[int, int], signature: Signature, tile: int
) -> Iterator[Tensor]:
    """`restored_bands` by a function that copes with every tile."""
    if signature.fixed_size is not None:
        refuse_other(size, signature.fixed_size)
        tile = max(size)
    rows, columns = (axis(side, signature, tile) for side in size)
    job = Job(function, read, size[0], rows, columns, signature.scale)
    height, width = (side * signature.scale for side in size)
    for band in paste(job) if exact(signature) else blend(job):
        yield crop_to(band, height, width)
        height -= band.shape[-2]


def whole(function: Restore, picture: Tensor, signature: Signature, tile: int) -> Tensor:
    """The bands of a picture in memory, put together."""
    height, width = picture.shape[-2:]
    out, done = picture.new_empty(0), 0
    for band in bands(function, lambda a, b: picture[..., a:b, :], (height, width), signature, tile):
        if done == 0:
            out = band.new_empty((1, band.shape[1], height * signature.scale, band.shape[3]))
        out[..., done : done + band.shape[-2], :] = band
        done += band.shape[-2]
    return out


def exact(signature: Signature) -> bool:
    """Whether tiles can equal the whole picture's result."""
    return signature.radius is not None and signature.fixed_size is None


def refuse_other(size: tuple[int, int], only: tuple[int, int]) -> None:
    """Refuse a picture of another height and width than the only ones that a network knows."""
    if size != only:
        said, takes = (f"{width} x {height}" for height, width in (size, only))
        raise UserError(f"a picture of {said}: this network takes {takes} alone, and no part of another")


def enough(function: Restore, signature: Signature, tile: int) -> Restore:
    """The same function, for tiles of this size; where they can be divided, in smaller ones if it has to be."""
    if tile < 1:
        raise UserError(f"tile={tile}: a whole number of pixels from 1 on is needed; {TILE} suits most machines")
    return halving(function, signature, tile) if exact(signature) else function


def halving(function: Restore, signature: Signature, tile: int) -> Restore:
    """The same function; a tile for which the device has too little memory is restored in tiles half as large.

    So are all tiles after it: what did not fit is not tried again.
    """
    half: Restore | None = None

    def restore(part: Tensor) -> Tensor:
        nonlocal half
        if half is None:
            try:
                return function(part)
            except (MemoryError, RuntimeError) as error:
                if not memory_is_full(error) or tile // 2 < max(LEAST, signature.stride, signature.divisor):
                    raise
            torch.cuda.empty_cache()
            half = halving(function, signature, tile // 2)
        return whole(half, part, signature, tile // 2)

    return restore


def axis(size: int, signature: Signature, tile: int) -> list[Span]:
    """The spans of rows or columns, over a size that the network divides."""
    padded = -(-size // signature.divisor) * signature.divisor
    halo = HALO if signature.radius is None else signature.radius
    return spans(padded, tile, halo, lcm(signature.stride, signature.divisor))
