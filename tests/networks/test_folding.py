"""A folded network is the same function."""

import copy

import pytest
import torch
from torch import nn

from denoiselab.networks import DnCNN, DUDnCNN, UDnCNN
from denoiselab.networks.folding import fold_batch_norm


@pytest.mark.parametrize("kind", [DnCNN, UDnCNN, DUDnCNN])
def test_same_function(kind: type[nn.Module]) -> None:
    torch.manual_seed(0)
    network = kind(in_channels=3, out_channels=3, depth=4, num_features=8, init="he").double()
    for norm in (m for m in network.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.normal_(norm.running_mean)
        nn.init.uniform_(norm.running_var, 0.5, 2)
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
    folded = copy.deepcopy(network.eval())
    fold_batch_norm(folded)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in folded.modules())
    x = torch.rand(2, 3, 13, 10, dtype=torch.float64)
    torch.testing.assert_close(folded(x), network(x), rtol=1e-9, atol=1e-9)
    assert (network(x) - x).abs().max() > 1e-3


def test_folds_once() -> None:
    network = DnCNN(in_channels=1, out_channels=1, depth=2, num_features=4, init="he").eval()
    fold_batch_norm(network)
    x = torch.rand(1, 1, 8, 8)
    before = network(x)
    fold_batch_norm(network)
    assert torch.equal(network(x), before)
