"""Sizes that a network cannot take: padded at the bottom and right, the output cropped back."""

from torch import Tensor
from torch.nn import functional as F

from denoiselab.networks.signature import Signature


def padding(size: tuple[int, ...], signature: Signature) -> tuple[int, int]:
    """Rows and columns to add so that the divisor divides both sides."""
    return -size[0] % signature.divisor, -size[1] % signature.divisor


def pad_to_divisor(value: Tensor, signature: Signature) -> Tensor:
    """`(N, C, H, W)` -> the same with its last row and column repeated up to a multiple of the divisor."""
    if signature.divisor == 1:
        return value
    rows, columns = padding((value.shape[-2], value.shape[-1]), signature)
    return F.pad(value, (0, columns, 0, rows), mode="replicate") if rows or columns else value


def crop_to(output: Tensor, size: tuple[int, ...], signature: Signature) -> Tensor:
    """Take back what `pad_to_divisor` added to an input of this size; the output may be larger by `scale`."""
    if signature.divisor == 1:
        return output
    return output[..., : size[0] * signature.scale, : size[1] * signature.scale]
