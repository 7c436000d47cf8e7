"""DUDnCNN against a plain reading of the seed."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks import DUDnCNN


def made(depth: int, num_features: int = 64) -> DUDnCNN:
    torch.manual_seed(0)
    return DUDnCNN(in_channels=3, out_channels=3, depth=depth, num_features=num_features, init="he")


@pytest.mark.parametrize(
    ("depth", "dilations"), [(4, [1, 2, 2, 1]), (6, [1, 2, 4, 4, 2, 1]), (8, [1, 2, 4, 8, 8, 4, 2, 1])]
)
def test_dilations_double_to_the_middle(depth: int, dilations: list[int]) -> None:
    network = made(depth)
    assert [layer.conv.dilation for layer in network.layers] == [(d, d) for d in dilations]
    assert [layer.conv.padding for layer in network.layers] == [(d, d) for d in dilations]
    assert network.signature.receptive_field == 2 ** (depth // 2 + 2) + 1
    weights = sum(m.weight.numel() for m in network.modules() if isinstance(m, nn.Conv2d))
    assert weights == 36_864 * depth + 3_456


def test_depth_6_sees_33_pixels() -> None:
    assert made(6).signature.receptive_field == 33


def test_depth_6_is_the_layers_written_out() -> None:
    network, x = made(6, num_features=4).eval(), torch.rand(2, 3, 11, 6)
    one, two, three, four, five, six = network.layers
    kept1 = one(F.relu(network.head(x)))
    kept2 = two(kept1)
    h = five((four(three(kept2)) + kept2) / math.sqrt(2))
    h = six((h + kept1) / math.sqrt(2))
    torch.testing.assert_close(network(x), network.tail(h) + x)


@pytest.mark.parametrize("depth", [0, 2, 3, 5])
def test_a_depth_without_a_u_is_refused(depth: int) -> None:
    message = f"depth={depth}: DUDnCNN needs an even depth of at least 4, e.g. 4, 6, 8"
    with pytest.raises(UserError, match=message):
        made(depth)
