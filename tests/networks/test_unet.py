"""The U-Net against the table of Noise2Noise."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks import UNet

ENCODER = [(3, 48), (48, 48), (48, 48), (48, 48), (48, 48), (48, 48), (48, 48)]
DECODER = [
    (96, 96),
    (96, 96),
    (144, 96),
    (96, 96),
    (144, 96),
    (96, 96),
    (144, 96),
    (96, 96),
    (99, 64),
    (64, 32),
    (32, 3),
]


def made(num_features: int = 48, in_channels: int = 3) -> UNet:
    torch.manual_seed(0)
    return UNet(in_channels=in_channels, out_channels=3, num_features=num_features)


def convs(network: nn.Module) -> list[nn.Conv2d]:
    return [module for module in network.modules() if isinstance(module, nn.Conv2d)]


def test_the_channels_are_those_of_the_table() -> None:
    assert [(c.in_channels, c.out_channels) for c in convs(made())] == ENCODER + DECODER


def test_the_parameters_are_those_of_the_table() -> None:
    # ENC 1 344 + 6·20 784; DEC_5 2·83 040; DEC_4, 3, 2 3·(124 512 + 83 040); DEC_1 57 088 + 18 464 + 867
    assert sum(p.numel() for p in made().parameters()) == 991_203
    assert sum(p.numel() for p in made(in_channels=9).parameters()) == 991_203 + 6 * 9 * (48 + 64)


def test_the_grid_is_32_and_the_field_317() -> None:
    signature = made(num_features=2).signature
    assert (signature.divisor, signature.stride, signature.receptive_field) == (32, 32, 317)


def test_the_layers_written_out() -> None:
    network, x = made(num_features=2), torch.rand(1, 3, 32, 64)
    layers = iter(convs(network))

    def conv(h: torch.Tensor) -> torch.Tensor:
        return F.leaky_relu(next(layers)(h), 0.1)

    def up(h: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        return torch.cat([h.repeat_interleave(2, -1).repeat_interleave(2, -2), skip], 1)

    pool1 = F.max_pool2d(conv(conv(x)), 2)
    pool2 = F.max_pool2d(conv(pool1), 2)
    pool3 = F.max_pool2d(conv(pool2), 2)
    pool4 = F.max_pool2d(conv(pool3), 2)
    h = conv(F.max_pool2d(conv(pool4), 2))
    for skip in (pool4, pool3, pool2, pool1, x):
        h = conv(conv(up(h, skip)))
    torch.testing.assert_close(network(x), next(layers)(h))


def test_he_for_the_slope_and_zero_biases() -> None:
    *inner, last = convs(made())
    for conv in inner:
        assert conv.weight.std().item() == pytest.approx(math.sqrt(2 / 1.01 / (9 * conv.in_channels)), rel=0.1)
    assert last.weight.std().item() == pytest.approx(math.sqrt(1 / (9 * 32)), rel=0.1)
    assert not any(conv.bias.any() for conv in (*inner, last))


def test_no_features_are_refused() -> None:
    with pytest.raises(UserError, match="num_features=0"):
        made(num_features=0)
