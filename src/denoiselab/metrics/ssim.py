"""Structural similarity, one value a picture."""

import torch
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

from denoiselab.metrics.pair import exact

SIGMA = 1.5
RADIUS = 5
WINDOW = 2 * RADIUS + 1


def ssim(restored: Tensor, clean: Tensor, *, peak: float = 1.0) -> Tensor:
    """SSIM of each picture: `(N, C, H, W)` twice -> `(N,)` in [-1, 1]; identical pictures give 1.

    Source: Wang, Bovik, Sheikh and Simoncelli 2004: 11×11 Gaussian window of 1.5 pixels, K1 = 0.01,
    K2 = 0.03, the mean over the windows that lie wholly inside the picture, so no padding counts
    (torchmetrics' own score counts it). Colour is the mean of the channels' values.
    A picture smaller than the window has no SSIM: nan.
    """
    restored, clean = exact(restored, clean)
    if min(clean.shape[-2:]) < WINDOW:
        return clean.new_full((len(clean),), torch.nan)
    _, windows = structural_similarity_index_measure(
        restored, clean, gaussian_kernel=True, sigma=SIGMA, data_range=peak, reduction="none", return_full_image=True
    )
    return windows[..., RADIUS:-RADIUS, RADIUS:-RADIUS].flatten(1).mean(1)
