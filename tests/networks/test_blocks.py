"""Shared layers and initialisations."""

import math
from typing import get_args

import pytest
import torch
from torch import nn

from denoiselab.errors import UserError
from denoiselab.networks import DnCNN, DUDnCNN, UDnCNN
from denoiselab.networks.blocks import Float32Conv2d, Init, add_residual, join_skip

FAMILY = [DnCNN, UDnCNN, DUDnCNN]


def made(kind: type[nn.Module], **changes: object) -> nn.Module:
    torch.manual_seed(0)
    return kind(**{"in_channels": 3, "out_channels": 3, "depth": 4, "num_features": 16, "init": "he"} | changes)


def convs(network: nn.Module) -> list[nn.Conv2d]:
    return [module for module in network.modules() if isinstance(module, nn.Conv2d)]


def norms(network: nn.Module) -> list[nn.BatchNorm2d]:
    return [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_last_convolution_ignores_autocast(dtype: torch.dtype) -> None:
    layer = Float32Conv2d(4, 3, 3, padding=1).to(dtype)
    h = torch.randn(1, 4, 5, 5).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = layer(h)
    assert out.dtype is dtype
    assert torch.equal(out, nn.functional.conv2d(h.to(dtype), layer.weight, layer.bias, padding=1))


def test_a_skip_keeps_the_variance() -> None:
    torch.manual_seed(0)
    assert join_skip(torch.randn(100_000), torch.randn(100_000)).var().item() == pytest.approx(1, abs=0.02)


def test_the_residual_is_added_to_the_first_channels() -> None:
    x = torch.rand(1, 5, 2, 2)
    assert torch.equal(add_residual(torch.ones(1, 3, 2, 2), x), 1 + x[:, :3])


@pytest.mark.parametrize("kind", FAMILY)
def test_zero_last_starts_as_the_identity(kind: type[nn.Module]) -> None:
    x = torch.rand(2, 5, 9, 7)
    network = made(kind, init="zero_last", in_channels=5)
    assert torch.equal(network(x), x[:, :3])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(network(x), x[:, :3])
    assert network.head.weight.std().item() == pytest.approx(math.sqrt(2 / 45), rel=0.1)


@pytest.mark.parametrize("kind", FAMILY)
def test_he_has_the_variance_of_its_fan_in_but_for_the_last(kind: type[nn.Module]) -> None:
    *inner, last = convs(made(kind, init="he", num_features=32))
    for conv in inner:
        assert conv.weight.std().item() == pytest.approx(math.sqrt(2 / (9 * conv.in_channels)), rel=0.1)
    assert last.weight.abs().max().item() <= 1 / math.sqrt(9 * 32)
    assert last.out_channels == 3


@pytest.mark.parametrize("kind", FAMILY)
def test_only_he_gain_sets_the_gain_and_eps_is_usual(kind: type[nn.Module]) -> None:
    for init in get_args(Init):
        gains = {round(n.weight[0].item(), 6) for n in norms(made(kind, init=init))}
        assert gains == ({5.0} if init == "he_gain" else {1.0})
        assert {n.eps for n in norms(made(kind, init=init))} == {1e-5}


@pytest.mark.parametrize("kind", FAMILY)
def test_default_leaves_what_torch_drew(kind: type[nn.Module]) -> None:
    for conv in convs(made(kind, init="default")):
        assert conv.weight.abs().max().item() <= 1 / math.sqrt(9 * conv.in_channels)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"init": "xavier"}, "init=xavier: one of default, he, he_gain, zero_last is needed"),
        ({"num_features": 0}, "num_features=0"),
        ({"out_channels": 4}, "out_channels=4"),
        ({"out_channels": 0}, "out_channels=0"),
        ({"depth": -2}, "depth=-2"),
    ],
)
@pytest.mark.parametrize("kind", FAMILY)
def test_a_wrong_value_is_named(kind: type[nn.Module], changes: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        made(kind, **changes)
