"""Sizes that a network does not take."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.padding import crop_to, pad_to_divisor, restore_whole
from denoiselab.networks.signature import Signature
from denoiselab.restore.depth import to_depth, to_network


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16, torch.float32, torch.float64])
@pytest.mark.parametrize("size", [(1, 1), (1, 70), (37, 53), (8, 16)])
def test_edges_are_mirrored_and_cropped_back(size: tuple[int, int], dtype: torch.dtype) -> None:
    picture = (torch.rand(1, 3, *size) * 255).to(dtype)
    padded = pad_to_divisor(picture, 8)
    assert padded.dtype == dtype
    assert [side % 8 for side in padded.shape[-2:]] == [0, 0]
    assert max(p - s for p, s in zip(padded.shape[-2:], size, strict=True)) < 8
    assert torch.equal(crop_to(padded, *size), picture)
    more = [(0, p - s) for p, s in zip(padded.shape[-2:], size, strict=True)]
    np.testing.assert_array_equal(padded, np.pad(picture, [(0, 0), (0, 0), *more], mode="reflect"))


def test_whole_pads_and_crops() -> None:
    def doubled(picture: Tensor) -> Tensor:
        assert picture.shape[-2:] == (8, 16)
        return picture.repeat_interleave(2, -1).repeat_interleave(2, -2)

    picture = torch.rand(2, 3, 5, 9)
    out = restore_whole(doubled, picture, Signature(scale=2, divisor=8))
    assert out.shape == (2, 3, 10, 18)
    assert torch.equal(out[..., ::2, ::2], picture)


@pytest.mark.parametrize(
    ("network", "line"),
    [
        (lambda x: x[..., 1:, :], "gives (2, 3, 4, 9): set its own keys"),
        (lambda x: (x, x), "gives a tuple: let it"),
        (lambda x: x.view(5), "fails (shape '[5]' is invalid"),
        (lambda x: nn.BatchNorm1d(3)(x), "fails (expected 2D or 3D input (got 4D input))"),
    ],
)
def test_a_network_that_promises_nothing_is_looked_at(network: Any, line: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"function on pictures of shape (2, 3, 5, 9) {line}")):
        restore_whole(network, torch.rand(2, 3, 5, 9), Signature())
    assert restore_whole(lambda x: x[:, :1], torch.rand(2, 3, 5, 9), Signature()).shape == (2, 1, 5, 9)
    assert restore_whole(lambda x: x.repeat(1, 1, 2, 2), torch.rand(2, 3, 5, 9), Signature()).shape == (2, 3, 10, 18)
    assert restore_whole(lambda x: x + 1, torch.rand(7, 2), Signature()).shape == (7, 2)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16])
def test_depth_goes_there_and_back(dtype: torch.dtype) -> None:
    top = torch.iinfo(dtype).max
    stored = torch.arange(top + 1).to(dtype)
    assert to_network(stored).max() == 1
    assert torch.equal(to_depth(to_network(stored), dtype), stored)
    assert to_depth(torch.tensor([-1.0, 2.0, 0.6 / top]), dtype).tolist() == [0, top, 1]
    with pytest.raises(UserError, match="finite"):
        to_depth(torch.tensor([float("nan")]), dtype)


def test_floats_are_kept() -> None:
    value = torch.tensor([-1.0, 7.0], dtype=torch.float64)
    assert to_network(value) is value
    assert torch.equal(to_depth(value, torch.float64), value)
