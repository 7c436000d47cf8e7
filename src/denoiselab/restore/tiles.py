"""Restoring a picture of any size in the memory of a tile."""

from __future__ import annotations

from math import lcm

import torch
from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.networks.padding import Restore, crop_to, pad_to, pad_to_divisor
from denoiselab.networks.signature import Signature
from denoiselab.restore.assembly import Job, blend, paste
from denoiselab.restore.spans import Span, spans, windows

TILE = 512
HALO = 64


@torch.no_grad()
def restore_tiled(function: Restore, picture: Tensor, signature: Signature, tile: int = TILE) -> Tensor:
    """`(1, C, H, W)` uint8, uint16 or float -> restored `(1, C', H * scale, W * scale)` of the same dtype and device.

    function: a float tile `(1, C, h, w)`, integers scaled to [0, 1], -> its restored tile, on any device.
    tile: the side of a tile's own part, in pixels. The network sees the halo more on every side.

    With a finite radius the halo is that radius, tiles begin on the network's grid, and no border is seen but the
    picture's own: the result equals `restore_whole`, and one tile at a time is held as float. With an unbounded
    radius (attention, normalisation over the picture) it can't equal it, unless the picture is within one tile:
    tiles are seen with a halo of 64 pixels and blended by linear weights over the overlap, and one row of tiles is
    held as float. A network of a fixed size sees windows of that size that overlap by half, blended alike.
    """
    if picture.ndim != 4 or picture.shape[0] != 1:
        raise ValueError(f"one picture (1, C, H, W) is needed, not {tuple(picture.shape)}")
    if tile < 1:
        raise UserError(f"tile={tile}: a whole number of pixels from 1 on is needed; {TILE} suits most machines")
    height, width = picture.shape[-2:]
    padded = padded_for(picture, signature)
    rows, columns = (axis(padded, signature, tile, i) for i in (0, 1))
    job = Job(function, padded, rows, columns, signature.scale)
    exact = signature.radius is not None and signature.fixed_size is None
    return crop_to(paste(job) if exact else blend(job), height * signature.scale, width * signature.scale)


def padded_for(picture: Tensor, signature: Signature) -> Tensor:
    """The picture at a size that the network, or its windows, divide."""
    padded = pad_to_divisor(picture, signature.divisor)
    if signature.fixed_size is None:
        return padded
    height, width = signature.fixed_size
    return pad_to(padded, max(height, padded.shape[-2]), max(width, padded.shape[-1]))


def axis(padded: Tensor, signature: Signature, tile: int, i: int) -> list[Span]:
    """The spans of rows (i = 0) or columns (i = 1)."""
    size = padded.shape[-2 + i]
    if signature.fixed_size is not None:
        return windows(size, signature.fixed_size[i])
    halo = HALO if signature.radius is None else signature.radius
    return spans(size, tile, halo, lcm(signature.stride, signature.divisor))
