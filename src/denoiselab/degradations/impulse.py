"""Pixels replaced by random colours, and not known to be."""

from collections.abc import Sequence

import torch
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.streams import Streams


class Impulse(Degradation):
    """y = a colour uniform in [0, 1]^C with probability p, else x: random-valued impulse noise.

    p: the part of the pixels, or `[low, high]`, drawn uniformly for each picture (Lehtinen et al. 2018, 3.4).

    The clean value stays the most frequent one. It is the median too for p up to 0.5, whatever its value. At p = 1
    nothing of it is left, so that it is no target.
    `Observation.level` is p. Confused with salt and pepper, whose impulses are black or white.
    """

    keeps = frozenset({Statistic.MODE})

    def __init__(self, *, p: float | Sequence[float]) -> None:
        self.p = Range.of("p", p, most=1)
        self.may_be_target = self.p.high < 1
        if self.p.high <= 0.5:
            self.keeps = frozenset({Statistic.MEDIAN, Statistic.MODE})

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.p.draw(streams)
        hit = streams.uniform(1, *clean.shape[2:]) < per_sample(level, clean).float()
        colours = streams.uniform(*clean.shape[1:]).to(clean)
        return Observation(torch.where(hit, colours, clean), level=level)

    def describe(self) -> str:
        return f"random-valued impulses, p {self.p.describe()}"
