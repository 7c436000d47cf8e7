"""Random choices as functions of their keys."""

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from denoiselab.streams import Streams, mix, uniform


def test_mix_is_the_same_everywhere() -> None:
    assert mix(0, "noise", 7) == 3541993843066589761
    assert mix(1, 23) != mix(12, 3) and 0 <= mix("a") < 2**63


@pytest.mark.parametrize("draw", ["normal", "uniform"])
def test_sample_depends_on_its_key_and_the_draw_only(draw: str) -> None:
    alone, among = Streams([7]), Streams([3, 7, 9])
    for _ in range(2):
        assert torch.equal(getattr(alone, draw)(2, 5)[0], getattr(among, draw)(2, 5)[1])
    again = Streams([7])
    first = getattr(again, draw)(2, 5)
    assert not torch.equal(first, getattr(again, draw)(2, 5))


def test_global_state_is_neither_read_nor_moved() -> None:
    before = torch.get_rng_state()
    first = Streams([1]).normal(4)
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(99)
    assert torch.equal(first, Streams([1]).normal(4))


def test_children_are_independent() -> None:
    streams = Streams(range(200))
    own, child, other = streams.normal(500), streams.child("a").normal(500), streams.child("b").normal(500)
    for a, b in ((own, child), (child, other), (own[1:], own[:-1])):
        assert abs(float((a * b).mean())) < 5 / (a.numel() ** 0.5)


def test_distributions() -> None:
    streams = Streams(range(100))
    assert streams.normal(1000).std() == pytest.approx(1, abs=0.01)
    uniform = streams.uniform(1000)
    assert uniform.min() >= 0 and uniform.max() < 1 and uniform.mean() == pytest.approx(0.5, abs=0.005)
    assert streams.integers(2, 5, 100).unique().tolist() == [2, 3, 4]


def test_uniform_numbers_of_a_key() -> None:
    values = np.stack([uniform(4, 0, "crop", slot) for slot in range(5000)])
    assert values.min() >= 0 and values.max() < 1
    assert all(kstest(column, "uniform").pvalue > 1e-3 for column in values.T)
    assert np.abs(np.corrcoef(values.T) - np.eye(4)).max() < 0.06
    assert (uniform(2, 0, "crop", 1) != uniform(2, 1, "crop", 1)).all()
