"""The estimate on a photograph with known noise."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage import data, filters

from denoiselab.diagnosis import diagnose
from denoiselab.errors import UserError
from denoiselab.io import read_picture, to_channels

FOLDER = Path(os.environ.get("REAL_SETS") or "/nowhere")
Picture = NDArray[np.float32]


@pytest.fixture(scope="module")
def photo() -> Picture:
    """A cat, `(300, 451, 3)` in [0, 1]."""
    return data.chelsea().astype(np.float32) / 255


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("sigma", [10, 25, 60])
@pytest.mark.parametrize("channels", [1, 3])
def test_white_noise(photo: Picture, random: np.random.Generator, sigma: float, channels: int) -> None:
    noisy = photo[..., :channels] + sigma / 255 * random.standard_normal(photo[..., :channels].shape, np.float32)
    found = diagnose([noisy])
    assert found.std * 255 == pytest.approx(sigma, rel=0.06)
    assert not (found.follows_light or found.correlated or found.clipped)


def test_bands_are_one_picture(photo: Picture, random: np.random.Generator) -> None:
    noisy = photo + 0.1 * random.standard_normal(photo.shape, np.float32)
    assert diagnose([noisy[:140], noisy[160:]]).std == pytest.approx(0.1, rel=0.05)


def test_noise_that_follows_the_light(photo: Picture, random: np.random.Generator) -> None:
    photons, read = 60, 0.02
    noisy = (random.poisson(photo * photons) / photons + read * random.standard_normal(photo.shape)).astype(np.float32)
    found = diagnose([noisy])
    assert found.follows_light and not found.correlated
    assert found.std == pytest.approx(float(np.sqrt(np.square(noisy - photo).mean())), rel=0.06)
    for intensity in (found.darkest, found.brightest):
        assert found.std_at(intensity) == pytest.approx((intensity / photons + read**2) ** 0.5, rel=0.12)


def test_noise_that_neighbours_share(photo: Picture, random: np.random.Generator) -> None:
    """Of white noise through a Gaussian of radius s, neighbours have the correlation exp(-1 / 4 s²)."""
    radius = 0.8
    found = diagnose([(photo + 0.1 * shared(random, photo, radius)).astype(np.float32)])
    assert found.correlated and not found.clipped
    assert found.correlation == pytest.approx(np.exp(-1 / (4 * radius**2)), abs=0.06)
    assert found.std == pytest.approx(0.1, rel=0.15)


def shared(random: np.random.Generator, photo: Picture, radius: float) -> NDArray[np.float64]:
    """White noise through a Gaussian filter, of variance 1."""
    noise = filters.gaussian(random.standard_normal(photo.shape), radius, mode="wrap", channel_axis=-1)
    return np.asarray(noise / noise.std())


def test_noise_that_neighbours_share_and_that_follows_the_light(photo: Picture, random: np.random.Generator) -> None:
    std = np.sqrt(photo / 40 + (5 / 255) ** 2)
    noisy = (photo + std * shared(random, photo, 0.8)).astype(np.float32)
    found = diagnose([noisy])
    assert found.correlated and found.follows_light
    assert found.std == pytest.approx(float(np.sqrt(np.square(noisy - photo).mean())), rel=0.1)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="DENOISELAB_DATA names no folder of real sets")
@pytest.mark.parametrize(("name", "channels"), [("cbsd68/108082", 1), ("cbsd68/108082", 3), ("kodak24/kodim07", 1)])
def test_texture_in_the_light_is_no_noise_that_follows_it(
    name: str, channels: int, random: np.random.Generator
) -> None:
    photo = to_channels(read_picture(FOLDER / f"{name}.png").pixels, channels).astype(np.float32) / 255
    found = diagnose([(photo + 15 / 255 * shared(random, photo, 0.6)).astype(np.float32)])
    assert found.correlated and not found.follows_light
    assert found.std * 255 == pytest.approx(15, rel=0.4)


def test_clipped_noise_counts_as_it_was_before(photo: Picture, random: np.random.Generator) -> None:
    noisy = np.round(255 * photo + 60 * random.standard_normal(photo.shape)).clip(0, 255).astype(np.float32) / 255
    found = diagnose([noisy])
    assert found.clipped and not found.correlated
    assert found.cut == np.isin(noisy, [0, 1]).mean()
    assert found.std * 255 == pytest.approx(60, rel=0.08)


def test_noise_that_colours_share(photo: Picture, random: np.random.Generator) -> None:
    """A JPEG that stores colours at half the size leaves the finest noise to the luminance; so does gray as RGB."""
    noisy = photo + 25 / 255 * random.standard_normal(photo.shape, np.float32)
    for sigma in (0, 1, 2, 4, 25):
        weak = photo + sigma / 255 * random.standard_normal(photo.shape, np.float32)
        assert not diagnose([weak]).shared
    stored = BytesIO()
    eight = Image.fromarray((noisy * 255).round().clip(0, 255).astype(np.uint8))
    eight.save(stored, "JPEG", quality=95, subsampling="4:2:0")
    halved = np.asarray(Image.open(stored), np.float32) / 255
    assert diagnose([halved]).between > 0.95
    eight.save(stored := BytesIO(), "JPEG", quality=95, subsampling="4:4:4")
    assert not diagnose([np.asarray(Image.open(stored), np.float32) / 255]).shared
    assert diagnose([noisy[..., :1].repeat(3, 2)]).shared and diagnose([noisy[..., :1]]).shared


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_no_noise_at_all(value: float) -> None:
    assert diagnose([np.full((40, 40, 1), value, np.float32)]).std < 1e-4


def test_too_small_a_picture_is_named() -> None:
    with pytest.raises(UserError, match="less than 16 x 16 pixels"):
        diagnose([np.zeros((300, 15, 3), np.float32)])


def test_dots_are_told_from_clipped_noise(photo: Picture, random: np.random.Generator) -> None:
    """Salt and pepper on 5 % of the values; beside white noise of sigma 75 that is cut at black and white."""
    dots, drawn = photo.copy(), random.random(photo.shape)
    dots[drawn < 0.025], dots[drawn > 0.975] = 0, 1
    assert diagnose([dots]).dotted
    noisy = photo + 75 / 255 * random.standard_normal(photo.shape, np.float32)
    assert not diagnose([noisy.clip(0, 1)]).dotted and not diagnose([photo]).dotted
