"""The autoencoder of seed 003: its layers as printed, its ablations, its initialisations."""

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from torch import nn

from denoiselab.errors import UserError
from denoiselab.networks import DeepAutoencoder

CONF = Path(__file__).parents[2] / "conf"
PRINTED = [
    ("Conv2d", 3, 64), ("ReLU",), ("Conv2d", 64, 64), ("ReLU",), ("Conv2d", 64, 128), ("BatchNorm2d", 128), ("ReLU",),
    ("Conv2d", 128, 256), ("BatchNorm2d", 256), ("ReLU",), ("Conv2d", 256, 512),
    ("ConvTranspose2d", 512, 256), ("BatchNorm2d", 256), ("ReLU",), ("ConvTranspose2d", 256, 128),
    ("BatchNorm2d", 128), ("ReLU",), ("ConvTranspose2d", 128, 64), ("ReLU",), ("ConvTranspose2d", 64, 64), ("ReLU",),
    ("ConvTranspose2d", 64, 3),
]  # fmt: skip
"""Appendix A of the source."""


def network(**own: Any) -> DeepAutoencoder:
    parts = {"in_channels": 3, "out_channels": 3, "num_features": 8, "norm": "inner", "pool": False, "init": "default"}
    return DeepAutoencoder(**{**parts, **own})


def said(module: nn.Module) -> tuple[Any, ...]:
    name = type(module).__name__.removeprefix("Float32")
    if isinstance(module, nn.BatchNorm2d):
        return name, module.num_features
    return (name,) if isinstance(module, nn.ReLU) else (name, module.in_channels, module.out_channels)


def test_layers_are_those_that_the_source_prints() -> None:
    printed = network(num_features=64)
    assert [said(module) for layer in printed.layers for module in layer] == PRINTED
    weights = 4 * sum(a * b for name, a, b in (layer for layer in PRINTED if len(layer) == 3))
    assert sum(p.numel() for p in printed.parameters() if p.ndim == 4) == weights == 1_410_560


def test_each_convolution_adds_a_row_and_a_column_and_each_transpose_takes_them_away() -> None:
    sizes: list[int] = []
    whole = network()
    for layer in whole.layers:
        layer.register_forward_hook(lambda _module, _input, out: sizes.append(out.shape[2]))
    assert whole(torch.rand(1, 3, 32, 20)).shape == (1, 3, 32, 20)
    assert sizes == [33, 34, 35, 36, 37, 36, 35, 34, 33, 32]


@pytest.mark.parametrize(("norm", "places"), [("none", []), ("inner", [2, 3, 5, 6]), ("all", list(range(9)))])
def test_where_it_normalises(norm: str, places: list[int]) -> None:
    layers = network(norm=norm).layers
    assert [i for i, layer in enumerate(layers) if any(isinstance(m, nn.BatchNorm2d) for m in layer)] == places


@torch.no_grad()
@pytest.mark.parametrize("size", [(32, 32), (37, 53), (1, 7), (1, 1)])
def test_pooling_keeps_the_size_and_sees_farther(size: tuple[int, int]) -> None:
    pooled = network(pool=True).eval()
    assert pooled(torch.rand(2, 3, *size)).shape == (2, 3, *size)
    assert (network().signature.receptive_field, pooled.signature.receptive_field) == (11, 19)


@torch.no_grad()
@pytest.mark.parametrize("pool", [False, True])
def test_reach(pool: bool) -> None:
    """With positive weights no ReLU hides a path, and a strong pixel wins the max-pool."""
    whole = network(pool=pool, norm="none").double()
    for parameter in whole.parameters():
        parameter.abs_()
    strip = torch.rand(1, 3, 4, 61, dtype=torch.float64)
    reached = []
    for at in (30, 31):
        other = strip.clone()
        other[..., at] += 1000
        changed = (whole(other) != whole(strip)).flatten(0, 2).any(0).nonzero() - at
        reached.append(int(changed.abs().max()))
    assert max(reached) == whole.signature.radius


@pytest.mark.parametrize("init", ["default", "default_positive", "xavier", "xavier_positive", "zeros"])
def test_initialisations(init: str) -> None:
    torch.manual_seed(0)
    started = network(init=init, num_features=64, norm="none")
    torch.manual_seed(0)
    plain = network(init="default", num_features=64, norm="none")
    for (name, parameter), drawn in zip(started.named_parameters(), plain.parameters(), strict=True):
        got = parameter.detach()
        if init == "zeros":
            assert not got.any()
        elif init == "default":
            assert torch.equal(got, drawn)
        elif init == "default_positive":
            assert torch.equal(got, drawn.clamp(min=0))
        elif name.endswith("weight") and got.numel() > 5000:
            bound = (6 / (4 * got.shape[0] + 4 * got.shape[1])) ** 0.5
            square = bound**2 / 3 * (0.5 if init == "xavier_positive" else 1)
            assert float(got.square().mean()) == pytest.approx(square, rel=0.05)
            assert (float(got.min()) >= 0) == (init == "xavier_positive")


@torch.no_grad()
def test_the_recipes_start_is_a_picture_s_size_and_the_sources_is_not() -> None:
    start = yaml.safe_load((CONF / "model" / "deep_autoencoder.yaml").read_text())["init"]
    size = {}
    for init in (start, "xavier_positive"):
        torch.manual_seed(0)
        size[init] = float(network(init=init, num_features=64)(torch.rand(4, 3, 16, 16)).abs().mean())
    assert size[start] < 2 and size["xavier_positive"] > 100


def test_what_it_refuses() -> None:
    with pytest.raises(UserError, match="init=he: one of default, default_positive"):
        network(init="he")
    with pytest.raises(UserError, match="num_features=0"):
        network(num_features=0)
