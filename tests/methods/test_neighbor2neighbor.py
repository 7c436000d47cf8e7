"""Neighbor2Neighbor: its cells, its loss in closed form, and that it denoises without a clean picture."""

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Batch, Observation
from denoiselab.errors import UserError
from denoiselab.methods import Neighbor2Neighbor
from denoiselab.methods.neighbor2neighbor import chosen, picked
from denoiselab.objectives import L2


def method(network: nn.Module, gamma: float) -> Neighbor2Neighbor:
    return Neighbor2Neighbor(gamma=gamma, network=network, objective=L2(), phases=(), seed=0)


def batch(seen: Tensor) -> Batch:
    return Batch(Observation(seen), seen, torch.arange(len(seen)))


@pytest.mark.parametrize("size", [(8, 6), (9, 7), (2, 2)])
def test_two_neighbours_of_each_cell(size: tuple[int, int]) -> None:
    rows, columns = torch.meshgrid(*(torch.arange(side, dtype=torch.float32) for side in size), indexing="ij")
    seen = torch.stack((rows, columns)).expand(50, -1, -1, -1)
    pair = [picked(seen, which) for which in chosen(seen)]
    assert pair[0].shape == (50, 2, size[0] // 2, size[1] // 2)
    assert ((pair[0] - pair[1]).abs().sum(1) == 1).all(), "side by side or one above the other"
    for one in pair:
        assert torch.equal(one // 2, picked(seen, torch.zeros_like(chosen(seen)[0])) // 2), "in its own cell"
    if size != (2, 2):
        first = (pair[0] % 2 * torch.tensor([2.0, 1.0])[:, None, None]).sum(1)
        assert torch.histc(first, 4, 0, 3).div(first.numel()).sub(0.25).abs().max() < 0.05


def test_loss_is_the_formula() -> None:
    torch.manual_seed(0)
    network, seen = nn.Conv2d(1, 1, 3, padding=1), torch.rand(2, 1, 8, 8)
    ours = method(network, gamma=2.0)
    torch.manual_seed(5)
    loss = ours.loss(batch(seen), 0.5)
    torch.manual_seed(5)
    g1, g2 = chosen(seen)
    restored, whole = network(picked(seen, g1)), network(seen).detach()
    gap = restored - picked(seen, g2) - (picked(whole, g1) - picked(whole, g2))
    expected = (restored - picked(seen, g2)).square().mean() + 2.0 * 0.5 * gap.square().mean()
    torch.testing.assert_close(loss, expected)
    ours.zero_grad()
    loss.backward()
    got = network.weight.grad.clone()
    network.zero_grad()
    expected.backward()
    torch.testing.assert_close(got, network.weight.grad)


def test_too_small_and_wrong_weight() -> None:
    with pytest.raises(UserError, match="5 x 1 is too small"):
        chosen(torch.zeros(1, 1, 1, 5))
    with pytest.raises(UserError, match="gamma=-1"):
        method(nn.Identity(), gamma=-1)
