"""UDnCNN against a plain reading of the seed."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks import UDnCNN
from denoiselab.networks.udncnn import unpool


def made(depth: int, num_features: int = 64) -> UDnCNN:
    torch.manual_seed(0)
    return UDnCNN(in_channels=3, out_channels=3, depth=depth, num_features=num_features, init="he")


def reference(network: UDnCNN, x: Tensor) -> Tensor:
    """Depth 6 written out, with torch's own unpooling."""
    one, two, three, four, five, six = network.layers
    h = one(F.relu(network.head(x)))
    pooled1, indices1 = F.max_pool2d(h, 2, ceil_mode=True, return_indices=True)
    size1, h = h.shape[-2:], two(pooled1)
    pooled2, indices2 = F.max_pool2d(h, 2, ceil_mode=True, return_indices=True)
    size2, h = h.shape[-2:], four(three(pooled2))
    h = five(F.max_unpool2d((h + pooled2) / math.sqrt(2), indices2, 2, output_size=size2))
    h = six(F.max_unpool2d((h + pooled1) / math.sqrt(2), indices1, 2, output_size=size1))
    return network.tail(h) + x


@pytest.mark.parametrize("size", [(16, 12), (13, 7), (1, 5), (1, 1)])
def test_depth_6_is_the_layers_written_out(size: tuple[int, int]) -> None:
    network, x = made(6, num_features=4).eval(), torch.rand(2, 3, *size)
    torch.testing.assert_close(network(x), reference(network, x))


def test_unpooling_is_that_of_torch() -> None:
    full = torch.rand(2, 3, 7, 9)
    pooled, indices = F.max_pool2d(full, 2, ceil_mode=True, return_indices=True)
    h = torch.rand_like(pooled)
    assert torch.equal(unpool(h, indices, full), F.max_unpool2d(h, indices, 2, output_size=(7, 9)))
    assert unpool(h.bfloat16(), indices, full).dtype is torch.bfloat16


@pytest.mark.parametrize(("depth", "field", "stride"), [(4, 19, 2), (6, 39, 4), (8, 79, 8)])
def test_weights_field_and_stride(depth: int, field: int, stride: int) -> None:
    network = made(depth)
    weights = sum(m.weight.numel() for m in network.modules() if isinstance(m, nn.Conv2d))
    assert weights == 36_864 * depth + 3_456
    assert (network.signature.receptive_field, network.signature.stride) == (field, stride)


@torch.no_grad()
def test_a_shift_off_the_stride_grid_changes_the_output() -> None:
    network, x = made(6, num_features=4).eval(), torch.rand(1, 3, 8, 64)
    radius = network.signature.radius
    for shift, same in ((2, False), (4, True)):
        inner = network(x)[..., shift + radius :], network(x[..., shift:])[..., radius:]
        assert torch.allclose(*inner, atol=1e-5) is same


@pytest.mark.parametrize("depth", [0, 2, 3, 5])
def test_a_depth_without_a_u_is_refused(depth: int) -> None:
    message = f"depth={depth}: UDnCNN needs an even depth of at least 4, e.g. 4, 6, 8"
    with pytest.raises(UserError, match=message):
        made(depth)
