"""The account of an evaluation: means, pooling, and the seed's own figure."""

import math

import numpy as np
import pytest
import skimage.data
import torch
from torch import Tensor

from denoiselab.domains import HDR, MRI, POINTS, tone_map
from denoiselab.metrics import Protocol, Scores, psnr, ssim


def protocol(pool: int = 1, clamp: bool = False) -> Protocol:
    """The default protocol or the seed's, without crops."""
    return Protocol(name="test", crop=None, window=None, pool=pool, clamp=clamp, quantize=False, border=0, luma=False)


def pairs(count: int) -> list[tuple[Tensor, Tensor]]:
    """Crops of a photograph `(1, 3, 16, 20)`, with noise that grows from one to the next."""
    photo = torch.from_numpy(skimage.data.astronaut()).permute(2, 0, 1)[None].float() / 255
    clean = [photo[..., 30 * i : 30 * i + 16, 100:120] for i in range(count)]
    generator = torch.Generator().manual_seed(2)
    return [(c + 0.05 * (i + 1) * torch.randn(c.shape, generator=generator), c) for i, c in enumerate(clean)]


def scores(pool: int, count: int) -> Scores:
    """The account of those pictures."""
    account = Scores(protocol(pool))
    for restored, clean in pairs(count):
        account.add("net", restored, clean)
    return account


def test_a_perceptual_metric_sees_what_the_protocol_compares() -> None:
    account = Scores(protocol(clamp=True), perceptual=lambda restored, clean: restored.max().item())  # type: ignore
    (_, clean), (_, other) = pairs(2)
    assert account.add("net", clean + 2, clean)["lpips"] == 1
    account.add("net", 0 * other, other)
    assert account.summary("net")["lpips"] == 0.5 and "lpips" not in scores(1, 1).summary("net")


def test_each_picture_returns_its_own_figures() -> None:
    (restored, clean), *_ = pairs(1)
    figures = Scores(protocol(pool=4)).add("net", restored, clean)
    assert figures["psnr"] == psnr(restored, clean).item() and figures["ssim"] == ssim(restored, clean).item()


def test_mean_over_pictures() -> None:
    each = [psnr(r, c).item() for r, c in pairs(5)]
    figures = scores(1, 5).summary("net")
    assert figures["n"] == 5
    assert figures["psnr"] == pytest.approx(np.mean(each))
    assert figures["ssim"] == pytest.approx(np.mean([ssim(r, c).item() for r, c in pairs(5)]))


def seed_figure(batches: list[tuple[Tensor, Tensor]]) -> float:
    """Seed 002's formula, on pictures normalised to [-1, 1]: 10 log10(4 n / ||y - d||²), mean over batches."""
    total = 0.0
    for y, d in batches:
        n = np.prod(y.shape)
        total += (10 * torch.log10(4 * n / torch.norm(y - d) ** 2)).item()
    return total / len(batches)


def test_pool_of_four_is_the_figure_of_the_seed() -> None:
    normalised = [(2 * r - 1, 2 * c - 1) for r, c in pairs(8)]
    batches = [tuple(torch.cat(side) for side in zip(*normalised[i : i + 4], strict=True)) for i in (0, 4)]
    assert scores(4, 8).summary("net")["psnr"] == pytest.approx(seed_figure(batches), abs=1e-4)  # type: ignore[arg-type]


def test_pooled_lies_under_the_mean_over_pictures() -> None:
    assert scores(4, 8).summary("net")["psnr"] < scores(1, 8).summary("net")["psnr"] - 0.5


def test_last_group_may_be_smaller() -> None:
    errors = [(r - c).double().square().mean().item() for r, c in pairs(5)]
    expected = [-10 * math.log10(np.mean(errors[:4])), -10 * math.log10(errors[4])]
    assert scores(4, 5).summary("net")["psnr"] == pytest.approx(np.mean(expected))


def test_pooling_counts_pixels_not_pictures() -> None:
    account = Scores(protocol(pool=2))
    account.add("net", torch.full((1, 1, 2, 2), 0.1), torch.zeros(1, 1, 2, 2))
    account.add("net", torch.zeros(1, 1, 2, 6), torch.zeros(1, 1, 2, 6))
    assert account.summary("net")["psnr"] == pytest.approx(-10 * math.log10(0.01 * 4 / 16), abs=1e-5)


def test_restorers_are_kept_apart_and_in_order() -> None:
    account = Scores(protocol())
    for restored, clean in pairs(2):
        account.add("noisy", restored, clean)
        account.add("exact", clean, clean)
    assert account.names == ["noisy", "exact"]
    assert account.summary("exact")["psnr"] == math.inf and account.summary("noisy")["psnr"] < 30


def test_a_network_output_with_gradient_is_taken() -> None:
    (restored, clean), *_ = pairs(1)
    Scores(protocol()).add("net", restored.requires_grad_(), clean)


def test_batches_are_refused() -> None:
    with pytest.raises(ValueError, match="one picture at a time, not 2"):
        Scores(protocol()).add("net", torch.zeros(2, 1, 3, 3), torch.zeros(2, 1, 3, 3))


def test_radiance_is_compared_tone_mapped() -> None:
    clean, restored = torch.tensor([0.0, 1.0, 50.0]).view(1, 1, 1, 3), torch.tensor([-1.0, 2.0, 90.0]).view(1, 1, 1, 3)
    account = Scores(protocol(), HDR)
    assert account.add("net", restored, clean)["psnr"] == psnr(tone_map(restored), tone_map(clean)).item()
    assert account.describe().endswith("in tone-mapped radiance, peak 1")


def test_tone_map_values() -> None:
    mapped = tone_map(torch.tensor([-3.0, 0.0, 1.0, 1e6])).tolist()
    assert mapped == pytest.approx([0, 0, 0.5 ** (1 / 2.2), 1], abs=1e-6)


def test_magnitude_is_compared_clamped_on_both_sides() -> None:
    figures = Scores(protocol(), MRI).add("net", torch.full((1, 1, 2, 2), -3.0), torch.full((1, 1, 2, 2), 1.5))
    assert figures["psnr"] == 0


def test_points_have_no_psnr() -> None:
    with pytest.raises(ValueError, match="a PSNR of points has no meaning"):
        Scores(protocol(), POINTS)
