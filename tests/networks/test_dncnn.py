"""DnCNN against its published figures."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from denoiselab.networks import DnCNN


def made(depth: int, num_features: int = 64, channels: int = 3) -> DnCNN:
    torch.manual_seed(0)
    return DnCNN(in_channels=channels, out_channels=channels, depth=depth, num_features=num_features, init="default")


@pytest.mark.parametrize("depth", [0, 1, 2, 6, 15])
def test_weights_and_receptive_field_of_the_seed(depth: int) -> None:
    network = made(depth)
    weights = sum(m.weight.numel() for m in network.modules() if isinstance(m, nn.Conv2d))
    assert weights == 36_864 * depth + 3_456
    assert network.signature.receptive_field == 2 * depth + 5


def test_depth_15_is_the_17_layers_of_the_paper_for_gray() -> None:
    network = made(15, channels=1)
    assert sum(isinstance(m, nn.Conv2d) for m in network.modules()) == 17
    assert network.signature.receptive_field == 35
    # 16 weights of 64 features and 2·64·9 at the ends; BN 2·64 each; biases of the ends 64 + 1
    assert sum(p.numel() for p in network.parameters()) == 15 * 36_864 + 1_152 + 15 * 128 + 65


def test_depth_zero_is_two_convolutions_and_the_input() -> None:
    network, x = made(0, num_features=4), torch.rand(1, 3, 6, 5)
    h = F.conv2d(x, network.head.weight, network.head.bias, padding=1).relu()
    torch.testing.assert_close(network(x), x + F.conv2d(h, network.tail.weight, network.tail.bias, padding=1))
