"""Gray and colour, alpha, orientation."""

import subprocess
import sys

import numpy as np
import pytest

from denoiselab.io import Picture, to_channels
from denoiselab.io.picture import unstacked, upright


def test_gray_is_matlabs() -> None:
    # MATLAB: rgb2gray(uint8(cat(3, r, g, b)))
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [10, 20, 30]]], np.uint8)
    assert to_channels(colours, 1)[0, :, 0].tolist() == [76, 150, 29, 255, 18]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_channels_keep_the_dtype(dtype: type) -> None:
    gray = np.arange(6).reshape(2, 3, 1).astype(dtype)
    colour = to_channels(gray, 3)
    assert colour.shape == (2, 3, 3)
    assert colour.dtype == dtype
    assert to_channels(colour, 1).dtype == dtype
    # The weights sum to 0.9999.
    np.testing.assert_allclose(to_channels(colour, 1), gray, rtol=1.01e-4)
    assert to_channels(gray, 1) is gray


def test_gray_of_a_float_is_not_rounded() -> None:
    assert to_channels(np.full((1, 1, 3), [1.5, 0, 0], np.float32), 1).item() == pytest.approx(0.44835)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_stacking(channels: int) -> None:
    array = np.arange(6 * channels, dtype=np.uint8).reshape(2, 3, channels)
    picture = unstacked(array, gray=channels < 3)
    assert picture.pixels.shape[2] == (1 if channels < 3 else 3)
    assert (picture.alpha is None) == (channels in (1, 3))
    np.testing.assert_array_equal(picture.stacked, array)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_is_pillows(orientation: int) -> None:
    from PIL import Image, ImageOps

    array = np.arange(6, dtype=np.uint8).reshape(2, 3)
    image = Image.fromarray(array)
    image.getexif()[274] = orientation
    np.testing.assert_array_equal(upright(array, orientation), np.asarray(ImageOps.exif_transpose(image)))


def test_import_is_light() -> None:
    code = "import sys, denoiselab.io; print(*{'torch', 'cv2', 'PIL', 'tifffile'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_a_picture_needs_no_alpha() -> None:
    assert Picture(np.zeros((1, 1, 3), np.uint8)).stacked.shape == (1, 1, 3)
