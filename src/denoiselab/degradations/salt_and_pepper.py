"""Pixels turned to the least or the greatest value, and not known to be."""

from collections.abc import Sequence

import torch
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class SaltAndPepper(Degradation):
    """y = low or high (all channels alike, each with probability p / 2), else x.

    p: the part of the pixels, or a range `[from, to]`, drawn uniformly for each picture.
    low, high: black and white, the ends of the data's own scale.

    As many impulses lie above x as below, so x stays the median; below p = 2/3 it is the most frequent value too.
    At p = 1 nothing of it is left, so that it is no target.
    `Observation.level` is p.
    """

    keeps = frozenset({Statistic.MEDIAN})

    def __init__(self, *, p: float | Sequence[float], low: float, high: float) -> None:
        if low >= high:
            raise UserError(f"low={low}: less than high={high} is needed")
        self.p, self.low, self.high = Range.of("p", p, most=1), low, high
        self.may_be_target = self.p.high < 1
        if self.p.high < 2 / 3:
            self.keeps = frozenset({Statistic.MEDIAN, Statistic.MODE})

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.p.draw(streams)
        chance, p = streams.uniform(1, *clean.shape[2:]), per_sample(level, clean).float()
        impulse = torch.where(chance < p / 2, self.high, self.low).to(clean)
        return Observation(torch.where(chance < p, impulse, clean), level=level)

    def describe(self) -> str:
        return f"salt and pepper, p {self.p.describe()}"
