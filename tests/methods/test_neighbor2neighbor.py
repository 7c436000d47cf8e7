"""Neighbor2Neighbor: its cells, its loss in closed form, and what it is combined with."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Batch, Pictures
from denoiselab.degradations import Gaussian, Recorded
from denoiselab.errors import UserError
from denoiselab.methods import Denoiser, Method, Neighbor2Neighbor
from denoiselab.methods.assembly import check_parts
from denoiselab.methods.neighbor2neighbor import picked
from denoiselab.objectives import L2
from denoiselab.streams import Streams
from denoiselab.supervision import Clean, Neighbours, Noise2Noise, Supervision
from denoiselab.supervision.neighbours import chosen

PARTS: Any = {"network": nn.Identity(), "objective": L2(), "phases": (), "seed": 0}


def method(network: nn.Module, gamma: float) -> Neighbor2Neighbor:
    return Neighbor2Neighbor(**{**PARTS, "network": network}, gamma=gamma)


def batch(seen: Tensor, first: int = 0) -> Batch:
    count = len(seen)
    recorded = Pictures(index=torch.arange(count), shots=(seen,))
    return Neighbours(force=False)(recorded, Recorded(), Streams(range(first, first + count)))


@pytest.mark.parametrize("size", [(8, 6), (9, 7), (2, 2)])
def test_two_neighbours_of_each_cell(size: tuple[int, int]) -> None:
    rows, columns = torch.meshgrid(*(torch.arange(side, dtype=torch.float32) for side in size), indexing="ij")
    seen = torch.stack((rows, columns)).expand(50, -1, -1, -1)
    pair = [picked(seen, which) for which in chosen(Streams(range(50)), *size).unbind(1)]
    assert pair[0].shape == (50, 2, size[0] // 2, size[1] // 2)
    assert ((pair[0] - pair[1]).abs().sum(1) == 1).all(), "side by side or one above the other"
    for one in pair:
        assert torch.equal(one // 2, picked(seen, torch.zeros(50, size[0] // 2, size[1] // 2).long()) // 2), "own cell"
    if size != (2, 2):
        first = (pair[0] % 2 * torch.tensor([2.0, 1.0])[:, None, None]).sum(1)
        assert torch.histc(first, 4, 0, 3).div(first.numel()).sub(0.25).abs().max() < 0.05


def test_loss_is_the_formula() -> None:
    torch.manual_seed(0)
    network, given = nn.Conv2d(1, 1, 3, padding=1), batch(torch.rand(2, 1, 8, 8))
    assert given.neighbours is not None
    seen, (g1, g2) = given.input, given.neighbours.unbind(1)
    loss = method(network, gamma=2.0).loss(given, 0.5)
    restored, whole = network(picked(seen, g1)), network(seen).detach()
    gap = restored - picked(seen, g2) - (picked(whole, g1) - picked(whole, g2))
    expected = (restored - picked(seen, g2)).square().mean() + 2.0 * 0.5 * gap.square().mean()
    torch.testing.assert_close(loss, expected)
    loss.backward()
    got = network.weight.grad.clone()
    network.zero_grad()
    expected.backward()
    torch.testing.assert_close(got, network.weight.grad)


def test_a_pictures_neighbours_are_its_own_streams_choice() -> None:
    seen, before = torch.rand(4, 3, 8, 8), torch.get_rng_state()
    together, apart = batch(seen).neighbours, batch(seen[2:], first=2).neighbours
    assert together is not None and apart is not None
    assert torch.equal(together[2:], apart) and not torch.equal(together[:2], apart)
    assert torch.equal(before, torch.get_rng_state())


def test_too_small_and_wrong_weight() -> None:
    with pytest.raises(UserError, match="5 x 1 is too small"):
        chosen(Streams([0]), 1, 5)
    with pytest.raises(UserError, match="gamma=-1"):
        method(nn.Identity(), gamma=-1)


@pytest.mark.parametrize(
    ("learner", "supervision", "said"),
    [
        (Denoiser(**PARTS), Neighbours(force=True), "Denoiser would learn to repeat its input.*neighbor2neighbor"),
        (method(nn.Identity(), 2), Clean(), "of one noisy picture itself: take supervision=neighbor2neighbor"),
        (method(nn.Identity(), 2), Noise2Noise(force=False), "take supervision=neighbor2neighbor, or method=denoiser"),
        (Denoiser(**PARTS), Clean(), None),
        (method(nn.Identity(), 2), Neighbours(force=False), None),
    ],
)
def test_what_it_is_combined_with(learner: Method, supervision: Supervision, said: str | None) -> None:
    noise = Gaussian(sigma=25, clip=False)
    data: Any = SimpleNamespace(supervision=supervision, degradation=noise, test_degradation=noise)
    if said is None:
        return check_parts(data, learner)
    with pytest.raises(UserError, match=said):
        check_parts(data, learner)
    return None
