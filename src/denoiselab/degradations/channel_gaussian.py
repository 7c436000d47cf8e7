"""White Gaussian noise of a level for each channel."""

from collections.abc import Sequence

import torch
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Noise
from denoiselab.degradations.ranges import Range
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma


class ChannelGaussian(Noise):
    """y = x + (sigma / 255) n with n ~ N(0, 1), independent for every value, and a sigma of each channel's own.

    sigmas: one for each channel of the pictures, on the 8-bit scale; each a number, or `[low, high]` for a level that
        is drawn uniformly for each picture and by itself.

    Never clipped. `Observation.level` is the root mean square of the channels' standard deviations on [0, 1] data.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(self, *, sigmas: Sequence[float | Sequence[float]]) -> None:
        if not sigmas:
            raise UserError("sigmas=[]: a level for each channel is needed, e.g. [10, 20, 30]")
        self.sigmas = [Range.of("sigmas", one) for one in sigmas]

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        if clean.shape[1] != len(self.sigmas):
            raise UserError(f"noise.sigmas: {len(self.sigmas)} levels for {clean.shape[1]} channels: give one for each")
        std = torch.stack([one.draw(streams) for one in self.sigmas], 1).to(clean) * std_from_sigma(1)
        noise = streams.normal(*clean.shape[1:]).to(clean)
        return Observation(clean + std[:, :, None, None] * noise, level=std.square().mean(1).sqrt())

    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        low, high = min(one.low for one in self.sigmas), max(one.high for one in self.sigmas)
        return torch.full_like(clean, std_from_sigma(low)), torch.full_like(clean, std_from_sigma(high))

    def describe(self) -> str:
        return f"Gaussian, sigma {' and '.join(one.describe() for one in self.sigmas)} of 255 by channel"
