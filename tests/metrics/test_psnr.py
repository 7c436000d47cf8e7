"""MSE and PSNR: against scikit-image, a closed form, and the traps of shape and precision."""

import math

import pytest
import skimage.data
import skimage.metrics
import torch
from torch import Tensor
from torchmetrics.functional.image import peak_signal_noise_ratio

from denoiselab.errors import UserError
from denoiselab.metrics import mse, psnr


def pictures() -> Tensor:
    """Three RGB crops of a photograph, `(3, 3, 37, 53)` in [0, 1]."""
    photo = torch.from_numpy(skimage.data.astronaut()).permute(2, 0, 1).float() / 255
    return torch.stack([photo[:, i : i + 37, i : i + 53] for i in (40, 120, 200)])


def noisy(clean: Tensor) -> Tensor:
    """The pictures under noise that grows from one to the next, not clamped."""
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
    return clean + noise * torch.tensor([0.02, 0.1, 0.3]).view(3, 1, 1, 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_agrees_with_scikit_image_picture_by_picture(channels: int) -> None:
    clean = pictures()[:, :channels]
    restored = noisy(clean)
    expected = [
        skimage.metrics.peak_signal_noise_ratio(c.numpy(), r.numpy(), data_range=1)
        for c, r in zip(clean, restored, strict=True)
    ]
    assert psnr(restored, clean).tolist() == pytest.approx(expected, abs=1e-4)
    assert max(expected) - min(expected) > 15


def test_scale_of_the_data_does_not_matter_where_peak_follows() -> None:
    clean = pictures()
    restored = noisy(clean)
    assert torch.allclose(psnr(255 * restored, 255 * clean, peak=255), psnr(restored, clean), atol=1e-4)


@pytest.mark.parametrize("offset", [0.5, 0.1, 1 / 255, 1e-5])
def test_constant_offset_is_minus_20_log10_of_it(offset: float) -> None:
    clean = pictures().double()
    assert psnr(clean + offset, clean).tolist() == pytest.approx([-20 * math.log10(offset)] * 3, abs=1e-6)


def test_nothing_is_clamped() -> None:
    assert psnr(torch.full((1, 1, 4, 4), 3.0), torch.ones(1, 1, 4, 4)).item() == pytest.approx(-20 * math.log10(2))


def test_identical_pictures_give_inf() -> None:
    assert psnr(pictures(), pictures()).tolist() == [math.inf] * 3


def test_points_have_a_mean_squared_error() -> None:
    assert mse(torch.tensor([[0.0, 2.0], [1.0, 1.0]]), torch.zeros(2, 2)).tolist() == [2, 1]


def test_half_precision_is_measured_in_double() -> None:
    half = pictures().bfloat16()
    assert psnr(half, pictures()).dtype == torch.float64
    assert torch.equal(psnr(half, pictures()), psnr(half.double(), pictures().double()))


def test_shapes_that_would_broadcast_are_refused() -> None:
    with pytest.raises(UserError, match=r"\(3, 1, 37, 53\).*\(3, 3, 37, 53\)"):
        psnr(pictures()[:, :1], pictures())


def test_integers_are_refused() -> None:
    with pytest.raises(ValueError, match="to_float"):
        psnr(torch.zeros(1, 1, 4, 4, dtype=torch.uint8), torch.zeros(1, 1, 4, 4, dtype=torch.uint8))


def test_psnr_is_torchmetrics_taken_picture_by_picture() -> None:
    clean = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    restored = clean + torch.tensor([0.01, 0.1, 0.3]).view(3, 1, 1, 1)
    theirs = peak_signal_noise_ratio(restored, clean, data_range=1.0, dim=(1, 2, 3), reduction="none")
    torch.testing.assert_close(psnr(restored, clean).float(), theirs, rtol=1e-4, atol=1e-4)
