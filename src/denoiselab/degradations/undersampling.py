"""Undersampled MRI: few spatial frequencies of a real picture are measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from denoiselab.batch import Observation, Operator, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams

LEAST = 0.02
"""Of the frequencies, measured; of fewer the highest ones' chances are below what uniform random numbers tell apart."""


class Undersampling(Degradation):
    """Frequency k is measured with probability p(k) = e^(-lambda |k|) and weighs 1 / p(k): Lehtinen et al. 2018, 3.5.

    keep: the expected part of the frequencies that is measured; lambda follows from it and from the picture's size.

    A frequency and its mirror are measured together, so that the picture stays real and p is as said. By the weights
    the mean is kept. `Observation.operator` puts the measured frequencies back into an estimate.
    """

    keeps = frozenset({Statistic.MEAN})
    independent = False
    measures = True

    def __init__(self, *, keep: float) -> None:
        if not LEAST <= keep <= 1:
            raise UserError(f"keep={keep}: a part of the frequencies from {LEAST} to 1 is needed")
        self.keep = keep

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        height, width = clean.shape[-2:]
        p = probabilities(height, width, self.keep, clean.device)
        mask = mirrored(streams.uniform(1, height, width)) < p
        spectrum = torch.fft.fft2(precise(clean)) * mask
        value = torch.fft.ifft2(spectrum / p).real.to(clean.dtype)
        return Observation(value, operator=Measured(mask, spectrum))

    def describe(self) -> str:
        return f"MRI, {self.keep:.0%} of the frequencies measured"


@dataclass
class Measured(Operator):
    """The frequencies that were measured are exact: they replace the estimate's.

    mask: `(N, 1, H, W)` which; spectrum: `(N, C, H, W)` complex, as measured and unweighted, 0 elsewhere.
    """

    mask: Tensor
    spectrum: Tensor

    def project(self, estimate: Tensor, observation: Observation) -> Tensor:
        seen = torch.fft.fft2(precise(estimate))
        return torch.fft.ifft2(torch.where(self.mask, self.spectrum.to(seen.dtype), seen)).real


def precise(value: Tensor) -> Tensor:
    """Float32 at least: there is no Fourier transform in less."""
    return value.to(torch.promote_types(value.dtype, torch.float32))


def mirrored(chance: Tensor) -> Tensor:
    """`(..., H, W)` -> the same with one value for a frequency and its mirror -k: that of the first of the two."""
    height, width = chance.shape[-2:]
    number = torch.arange(height * width, device=chance.device).view(height, width)
    opposite = number.flip(0, 1).roll((1, 1), (0, 1))
    return chance.flatten(-2)[..., torch.minimum(number, opposite)]


@lru_cache(maxsize=16)
def probabilities(height: int, width: int, keep: float, device: torch.device) -> Tensor:
    """`(H, W)` p(k) in the order of `fft2`, whose mean is `keep`; |k| in cycles a pixel."""
    rows, columns = torch.fft.fftfreq(height, dtype=torch.float64), torch.fft.fftfreq(width, dtype=torch.float64)
    distance = torch.hypot(rows[:, None], columns)
    low, high = 0.0, 1e4
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float((-middle * distance).exp().mean()) > keep else (low, middle)
    return (-low * distance).exp().float().to(device)
