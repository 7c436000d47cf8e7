"""SSIM against scikit-image, which also averages the windows inside the picture only."""

import math

import pytest
import skimage.data
import skimage.metrics
import torch
from torch import Tensor

from denoiselab.metrics import ssim


def photo(channels: int, height: int = 37, width: int = 53) -> Tensor:
    """A crop of a photograph, `(1, C, H, W)` in [0, 1]."""
    pixels = torch.from_numpy(skimage.data.astronaut()).permute(2, 0, 1)[None, :channels]
    return pixels[..., 60 : 60 + height, 180 : 180 + width].float() / 255


def noisy(clean: Tensor, std: float) -> Tensor:
    """The picture under additive Gaussian noise."""
    return clean + std * torch.randn(clean.shape, generator=torch.Generator().manual_seed(1))


def reference(restored: Tensor, clean: Tensor, peak: float = 1.0) -> float:
    """scikit-image with the settings of Wang et al. 2004, in double precision."""
    return float(
        skimage.metrics.structural_similarity(
            clean[0].double().numpy(),
            restored[0].double().numpy(),
            data_range=peak,
            channel_axis=0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("std", [0.01, 0.1, 0.5])
def test_agrees_with_scikit_image(channels: int, std: float) -> None:
    clean = photo(channels)
    assert ssim(noisy(clean, std), clean).item() == pytest.approx(reference(noisy(clean, std), clean), abs=1e-9)


@pytest.mark.parametrize("height", [266, 267, 277, 512])
def test_bands_of_rows_leave_no_trace(height: int) -> None:
    clean = torch.from_numpy(skimage.data.astronaut()).permute(2, 0, 1)[None, :, :height, :24].float() / 255
    assert ssim(noisy(clean, 0.1), clean).item() == pytest.approx(reference(noisy(clean, 0.1), clean), abs=1e-9)


def test_peak_is_the_range_of_the_data() -> None:
    clean = photo(3)
    restored = noisy(clean, 0.1)
    assert ssim(restored, clean, peak=4).item() == pytest.approx(reference(restored, clean, peak=4), abs=1e-9)


def test_a_batch_gives_each_picture_its_own() -> None:
    clean = torch.cat([photo(3)] * 3)
    restored = torch.cat([noisy(photo(3), std) for std in (0.01, 0.1, 0.5)])
    alone = [ssim(r[None], c[None]).item() for r, c in zip(restored, clean, strict=True)]
    assert ssim(restored, clean).tolist() == pytest.approx(alone, abs=1e-12)
    assert alone[0] > alone[1] > alone[2]


def test_identical_pictures_give_one() -> None:
    assert ssim(photo(3), photo(3)).item() == pytest.approx(1, abs=1e-12)


def test_the_window_must_fit() -> None:
    assert ssim(photo(1, 11, 11), photo(1, 11, 11)).item() == pytest.approx(1)
    assert math.isnan(ssim(photo(1, 10, 53), photo(1, 10, 53)).item())


def test_autocast_changes_nothing() -> None:
    clean = photo(3)
    restored = noisy(clean, 0.1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = ssim(restored, clean)
    assert torch.equal(inside, ssim(restored, clean))
