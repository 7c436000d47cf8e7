"""Padding to what a network takes, and back."""

import pytest
import torch

from denoiselab.networks import Signature
from denoiselab.networks.padding import crop_to, pad_to_divisor


@pytest.mark.parametrize("size", [(37, 53), (1, 1), (32, 7)])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_padded_picture_comes_back(size: tuple[int, int], scale: int) -> None:
    signature = Signature(divisor=32, scale=scale)
    x = torch.rand(2, 3, *size)
    padded = pad_to_divisor(x, signature)
    assert not any(side % 32 for side in padded.shape[-2:])
    assert torch.equal(padded[..., : size[0], : size[1]], x)
    assert torch.equal(padded[..., -1, -1], x[..., -1, -1])
    output = padded.repeat_interleave(scale, -1).repeat_interleave(scale, -2)
    back = crop_to(output, size, signature)
    assert torch.equal(back, x.repeat_interleave(scale, -1).repeat_interleave(scale, -2))


def test_a_size_that_fits_is_left_alone() -> None:
    x = torch.rand(1, 3, 64, 32)
    assert pad_to_divisor(x, Signature(divisor=32)) is x
    assert pad_to_divisor(x[..., :5], Signature()).shape == (1, 3, 64, 5)
