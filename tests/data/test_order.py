"""The order of samples."""

import torch

from denoiselab.data.order import Order


def test_every_pass_is_a_permutation_of_its_own() -> None:
    order = Order(7, seed=0)
    passes = order[range(70)].view(10, 7)
    assert all(sorted(one) == list(range(7)) for one in passes.tolist())
    assert len(set(map(tuple, passes.tolist()))) == 10


def test_is_a_function_of_seed_and_slot() -> None:
    late = Order(7, seed=0)[[65, 3]]
    assert torch.equal(late, Order(7, seed=0)[range(70)][[65, 3]])
    assert not torch.equal(Order(7, seed=1)[range(70)], Order(7, seed=0)[range(70)])
