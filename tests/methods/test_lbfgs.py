"""L-BFGS on weights that lie channels-last."""

import torch
from torch import Tensor, nn

from denoiselab.methods.lbfgs import LBFGS

KEYS = {"lr": 0.5, "max_iter": 5, "history_size": 10, "line_search_fn": None}


def descended(optimizer: type[torch.optim.Optimizer], layout: torch.memory_format) -> Tensor:
    torch.manual_seed(0)
    network, picture = nn.Conv2d(3, 4, 3).to(memory_format=layout), torch.rand(2, 3, 8, 8)
    steps = optimizer(network.parameters(), **KEYS)

    def descend() -> Tensor:
        steps.zero_grad()
        loss = network(picture).square().mean()
        loss.backward()
        return loss

    for _ in range(2):
        steps.step(descend)
    return network.weight.detach()


def test_weights_of_any_layout_go_where_torchs_go() -> None:
    expected = descended(torch.optim.LBFGS, torch.contiguous_format)
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.testing.assert_close(descended(LBFGS, layout), expected)
