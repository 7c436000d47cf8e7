"""Pixels lost at random, and known to be lost."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from denoiselab.batch import Observation, Operator, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.streams import Streams


class Bernoulli(Degradation):
    """y = m x, where each pixel's m (one for all its channels) is 0 with probability p: Lehtinen et al. 2018, 3.2.

    p: the part of the pixels that is lost, or `[low, high]`, drawn uniformly for each picture.
    refill: put the pixels that were seen back into the estimate.

    What is seen is exact, so where the mask is 1 every statistic is kept; as a target it counts only there, and at
    p = 1 nowhere.
    `Observation.level` is p.
    """

    keeps = frozenset(Statistic)
    loses = True

    def __init__(self, *, p: float | Sequence[float], refill: bool) -> None:
        self.p = Range.of("p", p, most=1)
        self.may_be_target = self.p.high < 1
        self.operator, self.measures = Seen() if refill else Operator(), refill

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.p.draw(streams)
        mask = (streams.uniform(1, *clean.shape[2:]) >= per_sample(level, clean).float()).to(clean)
        return Observation(clean * mask, mask=mask, level=level, operator=self.operator)

    def describe(self) -> str:
        return f"pixels erased, p {self.p.describe()}"


class Seen(Operator):
    """What was seen is exact: it replaces the estimate there."""

    def project(self, estimate: Tensor, observation: Observation) -> Tensor:
        mask: Any = observation.mask
        return torch.where(mask > 0, observation.value.to(estimate), estimate)
