"""The order of samples."""

from denoiselab.data.order import Order


def test_every_pass_is_a_permutation_of_its_own() -> None:
    order = Order(7, seed=0)
    passes = order[range(70)].reshape(10, 7)
    assert all(sorted(one) == list(range(7)) for one in passes.tolist())
    assert len(set(map(tuple, passes.tolist()))) == 10


def test_is_a_function_of_seed_and_slot() -> None:
    whole = Order(7, seed=0)[range(70)]
    assert all((Order(7, seed=0)[range(a, b)] == whole[a:b]).all() for a, b in ((0, 3), (5, 9), (20, 51), (65, 66)))
    assert (Order(7, seed=1)[range(70)] != whole).any()
