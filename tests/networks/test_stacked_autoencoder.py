"""A stack of tied autoencoders, and a critic whose slope is bounded."""

import re
from typing import Any

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.networks import DenseCritic, PatchAutoencoder, StackedAutoencoder


def stack(**own: Any) -> StackedAutoencoder:
    sizes = {"in_channels": 1, "out_channels": 1, "size": [28, 28], "depth": 3, "num_features": 1000}
    return StackedAutoencoder(**(sizes | own))


def test_the_parameters_are_counted_once_for_both_ways() -> None:
    layers = [(784, 1000), (1000, 1000), (1000, 1000)]
    assert sum(p.numel() for p in stack().parameters()) == sum(n * m + n + m for n, m in layers)


def test_a_layer_by_the_formula_and_the_stack_by_its_layers() -> None:
    network, x = stack(size=[4, 4], depth=2, num_features=5), torch.rand(3, 1, 4, 4)
    first, second = network.layers
    h = torch.sigmoid(x.flatten(1) @ first.weight.T + first.bias)
    torch.testing.assert_close(first.encode(x.flatten(1)), h)
    torch.testing.assert_close(first.decode(h), torch.sigmoid(h @ first.weight + first.back))
    assert torch.equal(network.encode(x, 0), x.flatten(1))
    torch.testing.assert_close(network.encode(x, 1), h)
    torch.testing.assert_close(network(x).flatten(1), first.decode(second.decode(second.encode(h))))


@pytest.mark.parametrize("own", [{"depth": 0}, {"out_channels": 3}, {"size": [28]}, {"size": [0, 5]}])
def test_what_is_no_stack(own: dict[str, Any]) -> None:
    key, value = next(iter(own.items()))
    with pytest.raises(UserError, match=re.escape(f"{key}={value}")):
        stack(**own)


def test_the_critic_marks_no_difference_larger_than_it_is() -> None:
    critic = DenseCritic(in_channels=2, side=6, depth=3, num_features=32)
    for _ in range(50):
        critic(torch.rand(4, 2, 6, 6))  # its norms settle in training
    a, b = torch.rand(2, 200, 2, 6, 6)
    assert critic(a).shape == (200,)
    assert ((critic(a) - critic(b)).abs() <= 1.01 * (a - b).flatten(1).norm(dim=1)).all()


def test_an_autoencoder_of_patches_by_the_formula() -> None:
    network, x = PatchAutoencoder(in_channels=1, out_channels=1, side=4, num_features=6), torch.randn(3, 1, 4, 4)
    for bias in (network.bias, network.back):
        torch.nn.init.normal_(bias)
    h = torch.sigmoid(x.flatten(1) @ network.weight.T + network.bias)
    torch.testing.assert_close(network(x).flatten(1), h @ network.weight + network.back)
