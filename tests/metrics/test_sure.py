"""The error estimated without the clean picture, against the true one."""

import numpy as np
import pytest
import torch
from skimage import data
from skimage.restoration import denoise_tv_chambolle
from torch.nn import functional as F

from denoiselab.metrics import sure

CLEAN = torch.from_numpy(data.camera()[None, None, 128:384, 128:384].astype(np.float32) / 255)


def signs() -> torch.Tensor:
    return torch.randint(0, 2, CLEAN.shape) * 2.0 - 1


def total_variation(noisy: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(denoise_tv_chambolle(noisy[0, 0].numpy(), weight=0.08))[None, None]


def box(noisy: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(noisy, 3, 1, 1, count_include_pad=False)


@pytest.mark.parametrize("restore", [total_variation, box, lambda noisy: 0.8 * noisy, lambda noisy: noisy.clamp(0, 1)])
@pytest.mark.parametrize("slope", [0.0, 0.02])
def test_the_estimate_is_the_true_error(restore, slope: float) -> None:
    variance = torch.full_like(CLEAN, (25 / 255) ** 2) + slope * CLEAN
    noisy = CLEAN + variance.sqrt() * torch.randn(CLEAN.shape)
    restored, estimate = sure(restore, noisy, (25 / 255) ** 2 + slope * noisy, signs())
    assert torch.equal(restored, restore(noisy))
    assert estimate.item() == pytest.approx((restored - CLEAN).square().mean().item(), rel=0.06)


def test_what_restores_nothing_has_the_error_of_the_noise() -> None:
    _, estimate = sure(lambda noisy: noisy, CLEAN, torch.full_like(CLEAN, 0.01), signs())
    assert estimate.item() == pytest.approx(0.01, rel=1e-3)
