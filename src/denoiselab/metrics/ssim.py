"""Structural similarity, one value a picture."""

from math import exp

import torch
from torch import Tensor

from denoiselab.metrics.pair import exact

SIGMA = 1.5
RADIUS = 5
WINDOW = 2 * RADIUS + 1
BAND = 256


def ssim(restored: Tensor, clean: Tensor, *, peak: float = 1.0) -> Tensor:
    """SSIM of each picture: `(N, C, H, W)` twice -> `(N,)` in [-1, 1]; identical pictures give 1.

    Source: Wang, Bovik, Sheikh and Simoncelli 2004: 11×11 Gaussian window of 1.5 pixels, K1 = 0.01,
    K2 = 0.03, the mean over the windows that lie wholly inside the picture, so no padding counts
    (torchmetrics' own score counts it). Colour is the mean of the channels' values.
    A picture smaller than the window has no SSIM: nan.

    Bands of rows, one after another: a convolution by torch would unfold every window in double
    precision, over 100 GB for a photograph of 24 megapixels.
    """
    restored, clean = exact(restored, clean)
    height, width = clean.shape[-2:]
    if min(height, width) < WINDOW:
        return clean.new_full((len(clean),), torch.nan)
    total = clean.new_zeros(len(clean))
    for top in range(0, height - 2 * RADIUS, BAND):
        rows = slice(top, top + BAND + 2 * RADIUS)
        total += windows(restored[..., rows, :], clean[..., rows, :], peak).flatten(1).sum(1)
    return total / (clean.shape[1] * (height - 2 * RADIUS) * (width - 2 * RADIUS))


def windows(x: Tensor, y: Tensor, peak: float) -> Tensor:
    """`(N, C, H, W)` twice -> the similarity of every window inside, `(N, C, H - 10, W - 10)`."""
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    mean_x, mean_y = blurred(x), blurred(y)
    var_x, var_y = blurred(x * x) - mean_x**2, blurred(y * y) - mean_y**2
    covariance = blurred(x * y) - mean_x * mean_y
    alike = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return alike / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))


def blurred(values: Tensor) -> Tensor:
    """The Gaussian mean of every window inside, rows then columns."""
    weights = [exp(-((i - RADIUS) ** 2) / (2 * SIGMA**2)) for i in range(WINDOW)]
    for axis in (-2, -1):
        length = values.shape[axis] - 2 * RADIUS
        out = torch.zeros_like(values.narrow(axis, 0, length))
        for i, weight in enumerate(weights):
            out.add_(values.narrow(axis, i, length), alpha=weight / sum(weights))
        values = out
    return values
