"""Padding a picture to a size that a network takes, and cropping back."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from denoiselab.networks.signature import Signature

Restore = Callable[[Tensor], Tensor]


def pad_to(picture: Tensor, height: int, width: int) -> Tensor:
    """`(..., H, W)` -> `(..., height, width)`: bottom and right edges repeated, for any dtype and any size."""
    rows, columns = picture.shape[-2:]
    if rows < height:
        picture = picture[..., torch.arange(height, device=picture.device).clamp(max=rows - 1), :]
    if columns < width:
        picture = picture[..., torch.arange(width, device=picture.device).clamp(max=columns - 1)]
    return picture


def pad_to_divisor(picture: Tensor, divisor: int) -> Tensor:
    """`(..., H, W)` -> the next height and width that the divisor divides."""
    height, width = picture.shape[-2:]
    return pad_to(picture, -(-height // divisor) * divisor, -(-width // divisor) * divisor)


def crop_to(restored: Tensor, height: int, width: int) -> Tensor:
    """Undo a padding: the top left `(..., height, width)`."""
    return restored[..., :height, :width]


def restore_whole(function: Restore, picture: Tensor, signature: Signature) -> Tensor:
    """Restore `(N, C, H, W)` in one pass, padded to the network's divisor: what tiling has to equal."""
    if signature.divisor == 1:
        return function(picture)
    height, width = (side * signature.scale for side in picture.shape[-2:])
    return crop_to(function(pad_to_divisor(picture, signature.divisor)), height, width)
