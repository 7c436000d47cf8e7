"""What restoring costs, where it is known."""

import os
import time
from functools import partial

import pytest
import torch
from torch import nn

from denoiselab.batch import Estimate, Observation
from denoiselab.methods import Denoiser
from denoiselab.objectives import L2
from denoiselab.report.cost import Cost, cost

SIDE, SLEEP = 128, 0.05


def convolution() -> Denoiser:
    return Denoiser(network=nn.Conv2d(3, 3, 5, padding=2), objective=L2(), phases=[], seed=0)


class Greedy:
    """Takes its time, and 64 MiB."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        time.sleep(SLEEP)
        return Estimate(observation.value + torch.zeros(2**24).sum())


def test_a_convolution_is_counted() -> None:
    found = cost(convolution, Observation(torch.rand(1, 3, SIDE, SIDE)))
    assert found.parameters == 3 * 3 * 25 + 3
    assert found.multiply_adds == 3 * 3 * 25
    assert found.seconds and found.seconds > 0


class Killed:
    """Ends its process."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        os._exit(9)


def test_a_process_that_is_killed_costs_nothing_known() -> None:
    assert cost(partial(Killed), Observation(torch.rand(1, 1, 8, 8))) == Cost(None, None, None, None)


def test_time_and_memory_of_what_learns_nothing() -> None:
    found = cost(partial(Greedy), Observation(torch.rand(1, 1, SIDE, SIDE)))
    assert found.parameters is None and found.multiply_adds is None
    assert found.seconds and SLEEP <= found.seconds * SIDE**2 / 1e6 < 20 * SLEEP
    assert found.mebibytes == pytest.approx(64, abs=16)
