"""Learning-rate schedules, and where a phase begins."""

import itertools
import math
from collections import Counter

import pytest
import torch
from torch import nn

from denoiselab.errors import UserError
from denoiselab.methods.phases import Phase, phase_at, steps_of_phases
from denoiselab.methods.schedules import Constant, Cosine, MultiStep


def test_constant() -> None:
    assert {Constant()(x / 10) for x in range(11)} == {1.0}


def test_cosine_warms_up_and_falls() -> None:
    schedule = Cosine(warmup=0.1, begin=0.5, final=0.2)
    rates = [schedule(i / 1000) for i in range(1001)]
    assert rates[0] < 0.02 and rates[100] == rates[500] == 1 and rates[1000] == pytest.approx(0.2)
    assert all(a < b for a, b in itertools.pairwise(rates[:100]))
    assert all(a > b for a, b in itertools.pairwise(rates[501:]))
    assert rates[750] == pytest.approx(0.2 + 0.8 * (1 + math.cos(math.pi / 2)) / 2)
    assert schedule(1.5) == rates[1000], "a run that goes on stays at its end"


@pytest.mark.parametrize("parts", [(0, 1, 0), (1, 1, 0), (1, 0, 0.5), (0, 0, 0)], ids=str)
def test_cosine_at_its_bounds_is_finite(parts: tuple[float, float, float]) -> None:
    warmup, begin, final = parts
    schedule = Cosine(warmup=warmup, begin=begin, final=final)
    assert all(0 <= schedule(i / 20) <= 1 for i in range(22))


def test_multistep() -> None:
    schedule = MultiStep(milestones=[0.5, 0.75], gamma=0.1)
    assert [schedule(x) for x in (0, 0.49, 0.5, 0.74, 0.75, 1)] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    with pytest.raises(UserError, match="milestones"):
        MultiStep(milestones=[5000], gamma=0.1)


@pytest.mark.parametrize(("position", "where"), [(0, (0, 0)), (3, (0, 0)), (4, (1, 4)), (9, (2, 9)), (99, (2, 9))])
def test_phase_of_a_batch(position: int, where: tuple[int, int]) -> None:
    phases = [Phase(torch.optim.SGD, Constant(), steps) for steps in (4, 5, None)]
    assert phase_at(phases, position) == where


def test_steps_of_phases_are_counted_by_where_phases_begin() -> None:
    phases = [Phase(torch.optim.SGD, Constant(), steps) for steps in (5, 3, None)]
    for steps in (range(12), range(6, 7), range(4, 9), range(20, 30), range(0)):
        assert steps_of_phases(phases, steps) == Counter(phase_at(phases, step)[0] for step in steps)
    assert steps_of_phases(phases, range(10**12)) == {0: 5, 1: 3, 2: 10**12 - 8}


def test_phase_names_its_parameters() -> None:
    network = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    assert len(Phase(torch.optim.SGD, Constant()).parameters(network)) == 4
    assert len(Phase(torch.optim.SGD, Constant(), trains=("1",)).parameters(network)) == 2
    with pytest.raises(UserError, match="no parameter is named so"):
        Phase(torch.optim.SGD, Constant(), trains=("2",)).parameters(network)
