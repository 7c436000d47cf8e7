"""Additive white Gaussian noise (AWGN) on pictures."""

from collections.abc import Sequence

import torch
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.awgn import awgn
from denoiselab.degradations.base import Noise
from denoiselab.degradations.ranges import Range
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma


class Gaussian(Noise):
    """y = x + (sigma / 255) n with n ~ N(0, 1), independent for every value.

    sigma: the level on the 8-bit scale, or `[low, high]` for blind noise whose level is drawn
        uniformly for each picture.
    clip: cut the noisy value to [0, 1], as a camera would. The mean is then no longer kept, and the
        value may not be a target.

    `Observation.level` is the standard deviation on [0, 1] data.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(self, *, sigma: float | Sequence[float], clip: bool) -> None:
        self.sigma = Range.of("sigma", sigma)
        self.clip = clip
        if clip:
            self.keeps, self.may_be_target = frozenset(), False

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        seen = awgn(clean, streams, self.sigma.draw(streams) * std_from_sigma(1))
        if self.clip:
            seen.value.clamp_(0, 1)
        return seen

    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        low, high = (std_from_sigma(sigma) for sigma in (self.sigma.low, self.sigma.high))
        return torch.full_like(clean, low), torch.full_like(clean, high)

    def describe(self) -> str:
        return f"Gaussian, sigma {self.sigma.describe(' of 255')}" + (", clipped" if self.clip else "")
