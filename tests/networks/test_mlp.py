"""The dense network on points, and pixel by pixel."""

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.networks import MLP


def test_points_by_the_formula() -> None:
    network, points = MLP(in_channels=2, out_channels=2, num_features=100), torch.randn(7, 2)
    first, last = network.layers[0], network.layers[2]
    hidden = (points @ first.weight.T + first.bias).clamp(min=0)
    torch.testing.assert_close(network(points), hidden @ last.weight.T + last.bias)
    assert sum(p.numel() for p in network.parameters()) == 2 * 100 + 100 + 100 * 2 + 2


def test_a_picture_is_its_pixels() -> None:
    network, picture = MLP(in_channels=3, out_channels=3, num_features=5), torch.randn(1, 3, 4, 6)
    torch.testing.assert_close(network(picture)[0, :, 2, 3], network(picture[:, :, 2, 3])[0])


def test_no_hidden_layer_is_refused() -> None:
    with pytest.raises(UserError, match="num_features=0"):
        MLP(in_channels=2, out_channels=2, num_features=0)
