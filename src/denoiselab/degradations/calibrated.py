"""The noise of one camera, as it was measured."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Noise
from denoiselab.degradations.ranges import Range, per_sample
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma

REACH, PERIOD = 8, 64
"""Pixels to each side that a pixel's noise may come from; and the period of the noise's spectrum."""


class Calibrated(Noise):
    """y = x + k s(x) m, m ~ N(0, 1) shared by neighbours and channels as measured; written by `calibrate`.

    sigma: s on the 8-bit scale, at equal steps from black to white, and on lines between them; a single one for all.
    strength: k, or `[low, high]` to draw it for each picture: the same camera at lower and higher ISO. As measured
        in recipes that are older than this key.
    neighbours: the correlation of m with the pixel 1, 2, ... pixels away in its row or column; none: white.
    channels: the correlation of m between the channels, from 0 up to 1.
    clip: cut the noisy value to [0, 1]; it may not be a target then.

    `Observation.level` is k.

    Signal-dependent noise as a normal one of the right variance: Foi et al. 2008, doi:10.1109/TIP.2008.2001399.
    """

    keeps = frozenset({Statistic.MEAN, Statistic.MEDIAN, Statistic.MODE})

    def __init__(
        self,
        *,
        sigma: Sequence[float],
        strength: float | Sequence[float] = 1,
        neighbours: Sequence[float],
        channels: float,
        clip: bool,
    ) -> None:
        if not sigma or min(sigma) < 0:
            raise UserError(f"sigma={list(sigma)}: levels of 0 or more, from black to white, are needed")
        if len(neighbours) > REACH or any(not -1 < value < 1 for value in neighbours):
            raise UserError(f"neighbours={list(neighbours)}: up to {REACH} correlations between -1 and 1 are needed")
        if not 0 <= channels < 1:
            raise UserError(f"channels={channels}: a correlation from 0 up to 1 is needed")
        self.strength = Range.of("strength", strength)
        self.std = torch.tensor([std_from_sigma(value) for value in sigma])
        self.kernel = kernel_of(neighbours)
        self.shared, self.clip = channels, clip
        self.correlation = neighbours[0] if neighbours else 0.0
        self.independent = not neighbours
        if clip:
            self.keeps, self.may_be_target = frozenset(), False

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.strength.draw(streams)
        value = clean + per_sample(level, clean) * self._std(clean) * self._noise(clean, streams)
        return Observation(value.clamp_(0, 1) if self.clip else value, level=level)

    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        std = self._std(clean)
        return self.strength.low * std, self.strength.high * std

    def _std(self, clean: Tensor) -> Tensor:
        """The level s at every pixel, on [0, 1]."""
        std = self.std.to(clean)
        place = clean.clamp(0, 1) * (len(std) - 1)
        below = place.floor().long().clamp_max(max(0, len(std) - 2))
        return torch.lerp(std[below], std[(below + 1).clamp_max(len(std) - 1)], place - below)

    def _noise(self, clean: Tensor, streams: Streams) -> Tensor:
        """`(N, C, H, W)` of variance 1."""
        kernel = self.kernel.to(clean)
        _, channels, height, width = clean.shape
        more = len(kernel) - 1
        own = streams.normal(channels, height + more, width + more).to(clean)
        if self.shared:
            common = streams.normal(1, height + more, width + more).to(clean)
            own = (1 - self.shared) ** 0.5 * own + self.shared**0.5 * common
        lines = own.reshape(-1, 1, height + more, width + more)
        return F.conv2d(F.conv2d(lines, kernel.view(1, 1, -1, 1)), kernel.view(1, 1, 1, -1)).view_as(clean)

    def describe(self) -> str:
        low, high = (float(value) / std_from_sigma(1) for value in self.std.aminmax())
        level = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
        times = "" if self.strength == Range(1, 1) else f" times a strength {self.strength.describe()}"
        shared = f", neighbours {self.correlation:.2f}" if self.correlation else ""
        return f"calibrated, sigma {level} of 255{times}{shared}" + (", clipped" if self.clip else "")


def kernel_of(neighbours: Sequence[float]) -> Tensor:
    """The symmetric filter that gives white noise these correlations, and the variance that it had."""
    if not neighbours:
        return torch.ones(1)
    angle = torch.arange(PERIOD) * 2 * torch.pi / PERIOD
    away = torch.arange(1, len(neighbours) + 1)
    spectrum = 1 + 2 * (torch.tensor(neighbours) * torch.cos(angle[:, None] * away)).sum(1)
    kernel = torch.fft.ifft(spectrum.clamp_min(0).sqrt()).real.roll(REACH)[: 2 * REACH + 1]
    return kernel / kernel.square().sum().sqrt()
