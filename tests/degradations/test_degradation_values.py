"""Degradations against closed forms and independent implementations."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage
from skimage import data as photographs
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations import (
    Bernoulli,
    Bicubic,
    BlockMask,
    Blur,
    Calibrated,
    ChannelGaussian,
    Composed,
    Degradation,
    Gaussian,
    Impulse,
    Jpeg,
    Poisson,
    PoissonGaussian,
    RelativeGaussian,
    SaltAndPepper,
    Text,
    Undersampling,
)
from denoiselab.errors import UserError
from denoiselab.streams import Streams

N = 400
BLACK_AND_WHITE = {"low": 0.0, "high": 1.0}
MORE: dict[type, dict[str, Any]] = {Bernoulli: {"refill": False}, SaltAndPepper: BLACK_AND_WHITE}
"""What some noises take beside their strength."""


@pytest.fixture(scope="module")
def photo() -> Tensor:
    return torch.from_numpy(photographs.astronaut()[60:153, 180:281].copy()).permute(2, 0, 1)[None] / 255


def flat(value: float, degradation: Degradation, n: int = N) -> Observation:
    return degradation(torch.full((n, 1, 32, 32), value), Streams(range(n)))


@pytest.mark.parametrize("x", [0.0, 0.1, 0.8, 3.0])
def test_poisson_mean_and_variance(x: float) -> None:
    seen = flat(x, Poisson(photons=30)).value
    assert seen.mean() == pytest.approx(x, abs=5 * (x / 30 / seen.numel()) ** 0.5 + 1e-7)
    assert seen.var() == pytest.approx(x / 30, rel=0.02, abs=1e-9)
    assert torch.allclose(seen * 30, (seen * 30).round(), atol=1e-3)


def test_blind_poisson_hands_on_its_photons() -> None:
    seen = flat(0.5, Poisson(photons=[5, 50]))
    counts = seen.value * seen.level.view(-1, 1, 1, 1)
    assert torch.allclose(counts, counts.round(), atol=1e-3), "in photons the values are whole"
    assert 5 <= seen.level.min() < 8 and 47 < seen.level.max() <= 50


def test_blind_camera_hands_on_its_noise_at_middle_gray() -> None:
    seen = flat(0.5, PoissonGaussian(photons=[5, 50], sigma=[2, 30]))
    assert torch.allclose(seen.value.flatten(1).std(1), seen.level, rtol=0.15)
    assert seen.level.std() > 0.03, "photons are drawn too"


def test_a_calibrated_strength_is_handed_on() -> None:
    noise = Calibrated(sigma=[10], strength=[0.5, 2], neighbours=[], channels=0, clip=False)
    seen = flat(0.5, noise)
    assert torch.allclose((seen.value - 0.5).flatten(1).std(1), seen.level * 10 / 255, rtol=0.1)
    assert 0.5 <= seen.level.min() < 0.6 and 1.9 < seen.level.max() <= 2


def test_poisson_of_few_photons_keeps_the_mean_and_of_negative_light_is_dark() -> None:
    seen = flat(1.0, Poisson(photons=0.001), 4000).value
    assert seen.mean() == pytest.approx(1, abs=5 * (1000 / seen.numel()) ** 0.5)
    assert not flat(-0.5, Poisson(photons=30)).value.any()


@pytest.mark.parametrize("ratio", [0, 0.3, 2.7])
def test_relative_noise_has_a_part_of_the_pictures_power(photo: Tensor, ratio: float) -> None:
    clean = torch.cat((photo, 0.1 * photo)).repeat(20, 1, 1, 1)
    seen = RelativeGaussian(variance_ratio=ratio)(clean, Streams(range(40)))
    noise, power = (values.square().flatten(1).mean(1) for values in (seen.value - clean, clean))
    assert torch.allclose(noise, ratio * power, rtol=0.05)
    assert torch.allclose(seen.level, (ratio * power).sqrt())


def test_camera_variance_is_the_sum() -> None:
    seen = flat(0.5, PoissonGaussian(photons=100, sigma=10)).value
    assert seen.var() == pytest.approx(0.5 / 100 + (10 / 255) ** 2, rel=0.02)


def test_each_channel_has_its_level() -> None:
    clean = torch.full((N, 3, 32, 32), 0.5)
    seen = ChannelGaussian(sigmas=[10, 50, [0, 40]])(clean, Streams(range(N)))
    stds = (seen.value - clean).flatten(2).std(2) * 255
    assert stds.mean(0).tolist() == pytest.approx([10, 50, 20], rel=0.05)
    assert stds.std(0).tolist() == pytest.approx([10 / 45, 50 / 45, 40 / 12**0.5], rel=0.15)
    assert torch.allclose(seen.level * 255, stds.square().mean(1).sqrt(), rtol=0.1)
    with pytest.raises(UserError, match=r"sigmas: 3 levels for 1 channels"):
        ChannelGaussian(sigmas=[10, 50, 25])(clean[:, :1], Streams(range(N)))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0, [0.1, 0.9]], ids=str)
@pytest.mark.parametrize("kind", [Impulse, SaltAndPepper, Bernoulli])
def test_share_of_pixels(kind: Any, p: Any) -> None:
    more = MORE.get(kind, {})
    clean = torch.full((N, 3, 32, 32), 0.4)
    seen = kind(p=p, **more)(clean, Streams(range(N)))
    changed = (seen.value != clean).flatten(2).float()
    assert torch.equal(changed.amax(1), changed.amin(1)), "all channels of a pixel share its fate"
    share, level = changed.mean((1, 2)), seen.level
    assert ((share - level).abs() <= 5 * (level * (1 - level) / 1024).sqrt() + 1e-6).all()
    low, high = p if isinstance(p, list) else (p, p)
    assert low - 1e-6 <= level.min() and level.max() <= high + 1e-6
    assert level.std() == pytest.approx((high - low) / 12**0.5, rel=0.1, abs=1e-6)


def test_impulses_are_uniform_colours() -> None:
    seen = flat(0.5, Impulse(p=1)).value
    assert torch.histc(seen, 10, 0, 1).div(seen.numel()).sub(0.1).abs().max() < 0.002
    colours = Impulse(p=1)(torch.zeros(N, 3, 8, 8), Streams(range(N))).value.movedim(1, 0).flatten(1)
    assert torch.corrcoef(colours).fill_diagonal_(0).abs().max() < 0.03


def test_salt_and_pepper_are_as_many() -> None:
    for low, high in ((0.0, 1.0), (-1.0, 2.0)):
        seen = flat(0.5, SaltAndPepper(p=0.4, low=low, high=high)).value
        parts = [float((seen == value).float().mean()) for value in (low, 0.5, high)]
        assert parts == pytest.approx([0.2, 0.6, 0.2], abs=0.005)


@pytest.mark.parametrize(("kind", "p", "keeps"), [
    (Impulse, 0.5, {Statistic.MEDIAN, Statistic.MODE}),
    (Impulse, 0.7, {Statistic.MODE}),
    (SaltAndPepper, 0.9, {Statistic.MEDIAN}),
    (SaltAndPepper, 0.5, {Statistic.MEDIAN, Statistic.MODE}),
    (Text, [0, 0.5], {Statistic.MEDIAN, Statistic.MODE}),
    (Text, 0.5, {Statistic.MODE}),
    (Text, 0.7, {Statistic.MODE}),
])  # fmt: skip
def test_what_is_kept_depends_on_p(kind: Any, p: Any, keeps: set[Statistic]) -> None:
    assert kind(p=p, **MORE.get(kind, {})).keeps == keeps


def test_erased_pixels_are_known_and_the_seen_ones_put_back(photo: Tensor) -> None:
    for degradation in (Bernoulli(p=0.5, refill=True), BlockMask(size=10)):
        seen = degradation(photo, Streams([3]))
        assert torch.equal(seen.value, photo * seen.mask)
    seen = Bernoulli(p=0.5, refill=True)(photo, Streams([3]))
    restored = seen.operator.project(torch.full_like(photo, 9.0), seen)
    assert torch.equal(restored, torch.where(seen.mask > 0, photo, torch.tensor(9.0)))
    plain = Bernoulli(p=0.5, refill=False)(photo, Streams([3]))
    assert (plain.operator.project(torch.full_like(photo, 9.0), plain) == 9).all()


def test_block_is_everywhere_alike() -> None:
    lost = 1 - BlockMask(size=3)(torch.ones(6000, 1, 5, 7), Streams(range(6000))).mask
    assert (lost.sum((1, 2, 3)) == 9).all()
    corner, middle = lost.mean(0)[0, 0, 0], lost.mean(0)[0, 2, 3]
    assert corner == pytest.approx(1 / 15, abs=0.02) and middle == pytest.approx(9 / 15, abs=0.03)
    with pytest.raises(UserError, match="larger than the picture of 7 x 2"):
        BlockMask(size=3)(torch.ones(1, 1, 2, 7), Streams([0]))


@pytest.mark.parametrize("radius", [0.0, 0.7, 2.0, 4.0])
def test_blur_is_scipys(photo: Tensor, radius: float) -> None:
    ours = Blur(radius_px=radius)(photo.double(), Streams([0])).value[0]
    reach = int(3 * radius + 0.5)
    theirs = [ndimage.gaussian_filter(c, radius, mode="mirror", radius=reach) for c in photo[0].double().numpy()]
    np.testing.assert_allclose(ours.numpy(), theirs, atol=2e-7)


def test_blur_of_its_own_radius_for_each_picture(photo: Tensor) -> None:
    seen = Blur(radius_px=[1, 3])(photo.expand(4, -1, -1, -1), Streams(range(4)))
    one = Blur(radius_px=float(seen.level[2]))(photo, Streams([0])).value
    torch.testing.assert_close(seen.value[2:3], one, atol=2e-3, rtol=0)
    assert len(set(seen.level.tolist())) == 4
    assert Blur(radius_px=4)(torch.rand(1, 1, 1, 3), Streams([0])).value.shape == (1, 1, 1, 3)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bicubic_is_pillows(scale: int) -> None:
    clean = torch.from_numpy(photographs.camera()[: 24 * scale, : 30 * scale] / np.float32(255))
    ours = Bicubic(scale=scale)(clean[None, None], Streams([0])).value[0, 0]
    theirs = Image.fromarray(clean.numpy()).resize((30, 24), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(ours.numpy(), np.asarray(theirs), atol=1e-5)


def test_blind_jpeg_hands_on_its_quality(photo: Tensor) -> None:
    seen = Jpeg(quality=[5, 95])(photo.expand(8, -1, -1, -1), Streams(range(8)))
    worst, best = int(seen.level.argmin()), int(seen.level.argmax())
    errors = (seen.value - photo).square().flatten(1).mean(1)
    assert errors.argmax() == worst and errors.argmin() == best and seen.level.eq(seen.level.round()).all()


def test_jpeg_gets_worse_with_its_quality(photo: Tensor) -> None:
    errors = [float((Jpeg(quality=q)(photo, Streams([0])).value - photo).square().mean()) for q in (95, 50, 10, 2)]
    assert 0 < errors[0] < errors[1] < errors[2] < errors[3] < 0.05
    gray = photo[:, :1]
    assert Jpeg(quality=[10, 90])(gray, Streams([0])).value.shape == gray.shape
    with pytest.raises(UserError, match="1 or 3 channels"):
        Jpeg(quality=50)(torch.rand(1, 4, 8, 8), Streams([0]))


def test_text_covers_its_part() -> None:
    clean = torch.full((60, 3, 128, 128), 2.0)
    seen = Text(p=[0, 0.5])(clean, Streams(range(60)))
    covered = (seen.value != 2).all(1).float().mean((1, 2))
    assert (covered >= seen.level).all() and (covered - seen.level).mean() < 0.1
    assert torch.equal((seen.value != 2).any(1), (seen.value != 2).all(1))
    assert seen.value[seen.value != 2].min() >= 0 and seen.value[seen.value != 2].max() <= 1
    assert not (Text(p=0)(clean, Streams(range(60))).value != 2).any()


@pytest.mark.parametrize("size", [(64, 64), (63, 65), (255, 255), (1, 9)])
def test_mri_mask_is_symmetric_and_keeps_its_part(size: tuple[int, int]) -> None:
    clean = torch.rand(50, 1, *size, generator=torch.Generator().manual_seed(0))
    seen = Undersampling(keep=0.1)(clean, Streams(range(50)))
    mask = seen.operator.mask
    rows, columns = (-torch.arange(side) % side for side in size)
    assert torch.equal(mask, mask[..., rows[:, None], columns])
    assert mask[..., 0, 0].all(), "the mean is always measured"
    if min(size) > 1:
        assert mask.float().mean() == pytest.approx(0.1, abs=0.005)
    spectrum = torch.fft.fft2(clean.double())
    assert torch.fft.ifft2(spectrum * mask).imag.abs().max() < 1e-9, "a real picture stays real"


def test_the_least_that_mri_measures_is_finite() -> None:
    seen = Undersampling(keep=0.02)(torch.rand(20, 1, 255, 255), Streams(range(20)))
    assert seen.value.isfinite().all() and seen.operator.mask.float().mean() == pytest.approx(0.02, abs=0.001)


def test_mri_puts_the_measured_frequencies_back() -> None:
    clean, guess = torch.rand(2, 1, 31, 33), torch.rand(2, 1, 31, 33)
    seen = Undersampling(keep=0.3)(clean, Streams([0, 1]))
    projected = seen.operator.project(guess, seen)
    mask = seen.operator.mask
    expected = torch.where(mask, torch.fft.fft2(clean), torch.fft.fft2(guess))
    torch.testing.assert_close(torch.fft.fft2(projected), expected, atol=1e-3, rtol=0)
    torch.testing.assert_close(seen.operator.project(clean, seen), clean, atol=1e-5, rtol=0)
    assert (projected - clean).norm() < (guess - clean).norm()
    assert seen.operator.project(guess.bfloat16(), seen).dtype is torch.float32


def test_composed_is_one_after_another(photo: Tensor) -> None:
    blur, noise = Blur(radius_px=2), Gaussian(sigma=10, clip=False)
    both = Composed(steps={"blur": blur, "none": None, "noise": noise})
    streams = Streams(["a"])
    value = both(photo, streams).value
    blurred = blur(photo, Streams([0])).value
    assert torch.equal(value, noise(blurred, Streams(["a"]).child("noise")).value)
    assert not both.keeps and not both.may_be_target
    assert both.describe() == "Gaussian blur, radius 2 px, then Gaussian, sigma 10 of 255"


def test_photons_of_a_noisy_picture_keep_nothing() -> None:
    """Below black there is no light: in the dark what was under 0 is lost, and the mean rises."""
    awgn, photons = Gaussian(sigma=50, clip=False), Poisson(photons=30)
    later = Composed(steps={"a": awgn, "b": photons})
    seen = later(torch.zeros(1, 1, 200, 200), Streams([0])).value
    assert seen.mean().item() == pytest.approx(50 / 255 / math.sqrt(2 * math.pi), rel=0.05)
    assert not later.keeps and not later.may_be_target and later.clamps is False
    assert Composed(steps={"a": photons, "b": awgn}).keeps == {Statistic.MEAN}
    nested = Composed(steps={"a": awgn, "b": Composed(steps={"c": photons})})
    assert not nested.keeps


def test_composed_keeps_the_mean_of_means_and_what_was_lost(photo: Tensor) -> None:
    noise = Gaussian(sigma=10, clip=False)
    assert Composed(steps={"a": Poisson(photons=9), "b": noise}).keeps == {Statistic.MEAN}
    assert Composed(steps={"a": noise}).keeps == noise.keeps
    impulses = Composed(steps={"a": Impulse(p=0.3), "b": Gaussian(sigma=10, clip=False)})
    assert not impulses.keeps and not impulses.may_be_target
    erased = Composed(steps={"a": Bernoulli(p=0.5, refill=True), "b": BlockMask(size=8), "c": noise})(
        photo, Streams([0])
    )
    assert 0.45 < erased.mask.mean() < 0.55
    estimate = torch.zeros_like(photo)
    assert torch.equal(erased.operator.project(estimate, erased), estimate)
    with pytest.raises(UserError, match="steps: at least one"):
        Composed(steps={"a": None})


@pytest.mark.parametrize(("kind", "keys"), [
    (ChannelGaussian, {"sigmas": []}),
    (ChannelGaussian, {"sigmas": [10, -1]}),
    (Poisson, {"photons": 0}),
    (Poisson, {"photons": [5, 1]}),
    (Bernoulli, {"p": 1.2, "refill": True}),
    (Impulse, {"p": -0.1}),
    (SaltAndPepper, {"p": [0.1, 0.2, 0.3], **BLACK_AND_WHITE}),
    (SaltAndPepper, {"low": 1.0, "high": 1.0, "p": 0.1}),
    (Text, {"p": 0.95}),
    (Blur, {"radius_px": -1}),
    (Jpeg, {"quality": 100}),
    (Undersampling, {"keep": 0}),
    (Undersampling, {"keep": 0.01}),
    (BlockMask, {"size": 0}),
    (Bicubic, {"scale": 0}),
])  # fmt: skip
def test_wrong_strength_is_named(kind: Any, keys: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(keys))}="):
        kind(**keys)


def test_calibrated_noise_is_shared_as_stated() -> None:
    neighbours, channels, sigma = [0.6, 0.2, 0.05], 0.4, [5.0, 20.0, 10.0]
    noise = Calibrated(sigma=sigma, strength=1, neighbours=neighbours, channels=channels, clip=False)
    clean = torch.tensor([0.0, 0.25, 0.75, 1.0]).view(4, 1, 1, 1).expand(4, 3, 400, 400)
    added = noise(clean, Streams(range(4))).value - clean
    stds = torch.tensor([5, 12.5, 15, 10]) / 255
    assert torch.allclose(added.flatten(1).std(1), stds, rtol=0.03)
    assert torch.equal(noise.std_range(clean[:, 0, 0, 0])[0], noise.std_range(clean[:, 0, 0, 0])[1])
    white = added / stds.view(4, 1, 1, 1)
    for away, expected in enumerate(neighbours, 1):
        for one, other in ((white[..., away:], white[..., :-away]), (white[:, :, away:], white[:, :, :-away])):
            assert (one * other).mean() == pytest.approx(expected, abs=0.02)
    assert (white[:, 0] * white[:, 1]).mean() == pytest.approx(channels, abs=0.02)
    clipped = Calibrated(sigma=[20], strength=1, neighbours=[], channels=0, clip=True)
    assert clipped.independent and not clipped.may_be_target and not noise.independent
    assert clipped(torch.zeros(1, 1, 8, 8), Streams([0])).value.min() == 0


def test_calibrated_noise_of_any_strength() -> None:
    """Drawn for each picture from the whole range; a candidate's range of levels is as wide."""
    noise = Calibrated(sigma=[10, 20], strength=[0.5, 2], neighbours=[0.5], channels=0.3, clip=False)
    clean = torch.full((400, 1, 40, 40), 0.5)
    times = (noise(clean, Streams(range(400))).value - clean).flatten(1).std(1) / (15 / 255)
    assert torch.allclose(times.quantile(torch.tensor([0.02, 0.5, 0.98])), torch.tensor([0.53, 1.25, 1.97]), rtol=0.1)
    assert [float(std[0, 0, 0, 0]) for std in noise.std_range(clean)] == pytest.approx([7.5 / 255, 30 / 255])
    as_measured = Calibrated(sigma=[10, 20], neighbours=[0.5], channels=0.3, clip=False)  # an older recipe
    assert torch.equal(*as_measured.std_range(clean))
    assert noise.describe() == "calibrated, sigma 10 to 20 of 255 times a strength in [0.5, 2], blind, neighbours 0.50"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sigma", []),
        ("sigma", [3, -1]),
        ("strength", [2, 1]),
        ("neighbours", [1.2]),
        ("neighbours", [0.1] * 9),
        ("channels", 1),
    ],
)
def test_calibrated_noise_names_what_is_wrong(key: str, value: Any) -> None:
    right = {"sigma": [5], "strength": 1, "neighbours": [], "channels": 0, "clip": False}
    with pytest.raises(UserError, match=f"{key}="):
        Calibrated(**{**right, key: value})
