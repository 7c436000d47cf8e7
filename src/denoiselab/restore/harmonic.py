"""Laplace's equation, where pixels were lost."""

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.restore.baseline import Baseline

SWEEPS = 8
"""On each scale; more change little, as the coarser ones have done the rest."""


class Harmonic(Baseline):
    """Lost pixels are the mean of their four neighbours, seen ones stay: a membrane between them.

    Solved from coarse to fine (pull-push: Gortler et al. 1996), each scale smoothed by Jacobi's iteration.
    """

    name = "harmonic"

    def suits(self, degradation: Degradation) -> bool:
        return degradation.loses and degradation.scale == 1

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        value = observation.value
        if observation.mask is None:
            return Estimate(value)
        mask = observation.mask.float().expand(len(value), 1, *value.shape[2:])
        return Estimate(filled(value.float(), mask).to(value))


def filled(value: Tensor, mask: Tensor) -> Tensor:
    """`(N, C, H, W)` with its lost pixels, where the mask `(N, 1, H, W)` is 0, made of the others; 0 if there are none.

    One scale up, a pixel is the mean of those of its four that were seen.
    """
    if bool((mask > 0).all()) or value.shape[2:] == (1, 1):
        return value * (mask > 0)
    sums, counts = (F.avg_pool2d(whole, 2, ceil_mode=True, divisor_override=1) for whole in (value * mask, mask))
    coarse = filled(sums / counts.clamp_min(1), (counts > 0).float())
    out = F.interpolate(coarse, scale_factor=2.0, mode="nearest")[..., : value.shape[2], : value.shape[3]]
    for _ in range(SWEEPS):
        out = torch.where(mask > 0, value, out)
        around = F.pad(out, (1, 1, 1, 1), mode="replicate")
        out = (around[..., :-2, 1:-1] + around[..., 2:, 1:-1] + around[..., 1:-1, :-2] + around[..., 1:-1, 2:]) / 4
    return torch.where(mask > 0, value, out)
