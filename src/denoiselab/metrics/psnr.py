"""Mean squared error and peak signal-to-noise ratio, one value a picture."""

import torch
from torch import Tensor

from denoiselab.metrics.pair import exact


def mse(restored: Tensor, clean: Tensor) -> Tensor:
    """Mean squared error of each sample: `(N, ...)` twice -> `(N,)`, in the data's own unit squared."""
    restored, clean = exact(restored, clean)
    return (restored - clean).square().flatten(1).mean(1)


def decibels(error: Tensor, *, peak: float) -> Tensor:
    """Mean squared error -> 10 log10(peak² / error) in dB; no error at all is inf."""
    return 10 * torch.log10(peak**2 / error)


def psnr(restored: Tensor, clean: Tensor, *, peak: float = 1.0) -> Tensor:
    """PSNR of each picture in dB: `(N, C, H, W)` twice -> `(N,)`; identical pictures give inf.

    The squared error is averaged over channels and pixels of one picture, never over pictures:
    the mean of these values is what papers report, not the PSNR of the pooled error (which is
    lower, and what torchmetrics gives by default). Nothing is clamped or rounded here: see Protocol.
    """
    return decibels(mse(restored, clean), peak=peak)
