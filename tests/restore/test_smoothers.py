"""Classical denoisers of AWGN restore, at the figures that are known for them."""

from functools import cache

import pytest
import torch
from skimage import data as skimage_data
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.degradations import Degradation, Poisson, PoissonGaussian
from denoiselab.restore import Baseline
from denoiselab.restore.smoothers import smoothers
from denoiselab.streams import Streams
from denoiselab.units import std_from_sigma

FAST = [baseline for baseline in smoothers() if baseline.name != "BM3D"]
each = pytest.mark.parametrize("baseline", FAST, ids=lambda baseline: baseline.name)


@cache
def observed(sigma: float) -> tuple[Tensor, Observation]:
    camera = torch.from_numpy(skimage_data.camera()).float()[None, None] / 255
    std = std_from_sigma(sigma)
    noise = torch.randn(camera.shape, generator=torch.Generator().manual_seed(0))
    return camera, Observation(camera + std * noise, std=torch.tensor([std]))


def test_the_free_ones_are_always_there() -> None:
    assert {baseline.name for baseline in smoothers()} >= {"NLM", "TV", "wavelet"}


@pytest.mark.parametrize(("name", "published"), [("NLM", 29.09), ("TV", 28.87), ("wavelet", 28.57)])
def test_figures_on_camera_at_sigma_25(name: str, published: float) -> None:
    camera, observation = observed(25)
    baseline = next(b for b in FAST if b.name == name)
    psnr = -10 * (baseline.restore(observation).mean - camera).square().mean().log10()
    assert float(psnr) == pytest.approx(published, abs=0.1)


@each
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 3), (17, 9)])
def test_any_size_and_each_its_own_level(baseline: Baseline, size: tuple[int, int], channels: int) -> None:
    value = torch.rand(2, channels, *size)
    estimate = baseline.restore(Observation(value, std=torch.tensor([0.1, 0.0])), n=3)
    assert estimate.samples is None
    assert estimate.mean.shape == value.shape
    assert estimate.mean.dtype == value.dtype
    assert estimate.mean.isfinite().all()
    assert torch.equal(estimate.mean[1], value[1])
    alone = baseline.restore(Observation(value[:1], std=torch.tensor([0.1]))).mean
    assert torch.equal(alone, estimate.mean[:1])


@each
def test_an_unknown_level_is_estimated(baseline: Baseline) -> None:
    _, known = observed(25)
    restored = baseline.restore(Observation(known.value)).mean
    assert torch.nn.functional.mse_loss(restored, baseline.restore(known).mean) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize(("channels", "size"), [(1, (64, 64)), (3, (64, 64)), (3, (1, 50)), (1, (1, 1))])
def test_bm3d_where_it_is_installed(channels: int, size: tuple[int, int]) -> None:
    pytest.importorskip("bm3d")
    baseline = next(b for b in smoothers() if b.name == "BM3D")
    clean = torch.full((1, channels, *size), 0.5)
    value = clean + 0.1 * torch.randn(clean.shape)
    restored = baseline.restore(Observation(value, std=torch.tensor([0.1]))).mean
    assert restored.shape == value.shape
    assert (restored - clean).square().mean() <= (value - clean).square().mean()


@pytest.mark.parametrize("noise", [Poisson(photons=30), PoissonGaussian(photons=30, sigma=5)], ids=["shot", "camera"])
def test_a_level_in_other_units_is_no_std(noise: Degradation) -> None:
    camera, _ = observed(25)
    observation = noise(camera, Streams([0]))
    assert observation.std is None
    before, after = (
        float((picture - camera).square().mean()) for picture in (observation.value, FAST[0].restore(observation).mean)
    )
    assert after < before
