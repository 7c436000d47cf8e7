"""Writing and reading back, against Pillow, OpenCV and tifffile as references."""

from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms
from skimage import data as skimage_data

from denoiselab.errors import UserError
from denoiselab.io import Picture, read_picture, write_picture
from denoiselab.io.picture import unstacked

LOSSLESS = [
    (".png", np.uint8), (".png", np.uint16), (".tif", np.uint8), (".TIFF", np.uint16), (".tif", np.float32),
    (".bmp", np.uint8), (".webp", np.uint8),
]  # fmt: skip


def random(shape: tuple[int, ...], dtype: Any) -> Any:
    noise = np.random.default_rng(0).random(shape)
    return noise.astype(dtype) * 3 - 1 if dtype == np.float32 else (noise * (np.iinfo(dtype).max + 1)).astype(dtype)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (37, 53), (3, 3), (4, 2)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(("suffix", "dtype"), LOSSLESS)
def test_lossless(tmp_path: Path, suffix: str, dtype: Any, channels: int, size: tuple[int, int]) -> None:
    picture = unstacked(random((*size, channels), dtype), gray=channels < 3)
    path = tmp_path / f"größe, (1) a=b{suffix}"
    if suffix == ".bmp" and picture.alpha is not None:
        with pytest.raises(UserError, match="BMP can't hold alpha"):
            write_picture(path, picture)
        return
    write_picture(path, picture)
    again = read_picture(path)
    gray_as_rgb = suffix == ".webp" and channels < 3
    np.testing.assert_array_equal(again.pixels, picture.pixels.repeat(3, 2) if gray_as_rgb else picture.pixels)
    assert again.pixels.dtype == dtype
    np.testing.assert_equal(again.alpha, picture.alpha)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bit_png_is_what_opencv_reads(tmp_path: Path, channels: int) -> None:
    array = random((9, 7, channels), np.uint16)
    write_picture(tmp_path / "a.png", unstacked(array, gray=channels < 3))
    read = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED).reshape(9, 7, -1)
    np.testing.assert_array_equal(read[..., {1: [0], 2: [0, 3], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]], array)


@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bit_png_of_opencv_is_read(tmp_path: Path, channels: int) -> None:
    array = random((9, 7, channels), np.uint16)
    cv2.imwrite(str(tmp_path / "a.png"), array[..., ::-1])
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png").pixels, array)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".webp"])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "palette with alpha"])
def test_every_mode_of_pillow(tmp_path: Path, mode: str, suffix: str) -> None:
    image = Image.fromarray(random((6, 5, 4), np.uint8))
    image = image.quantize(8) if "alpha" in mode else image.convert("RGB").convert(mode)
    try:
        image.save(tmp_path / f"a{suffix}", **({"lossless": True, "exact": True} if suffix == ".webp" else {}))
    except OSError as error:
        assert "cannot write mode" in str(error)
        pytest.skip("not a mode of this format")
    with Image.open(tmp_path / f"a{suffix}") as reference:
        alpha = reference.has_transparency_data
        gray = reference.mode in ("1", "L", "LA")
        expected = np.asarray(reference.convert(("L" if gray else "RGB") + ("A" if alpha else "")))
    read = read_picture(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(read.stacked, expected.reshape(read.stacked.shape))
    assert read.pixels.shape[2] == (1 if gray else 3)
    assert (read.alpha is not None) == alpha


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "tiff_adobe_deflate", None])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_eight_bit_tiff(tmp_path: Path, mode: str, compression: str | None) -> None:
    image = Image.fromarray(random((6, 5, 4), np.uint8))
    image = image if mode == "RGBA" else image.convert("LA" if mode == "LA" else "RGB").convert(mode)
    image.save(tmp_path / "a.tif", compression=compression)
    expected = np.asarray(image.convert({"1": "L", "P": "RGB", "CMYK": "RGB"}.get(mode, mode)))
    read = read_picture(tmp_path / "a.tif").stacked
    np.testing.assert_array_equal(read, expected.reshape(read.shape))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_deep_tiff_in_lzw(tmp_path: Path, dtype: Any) -> None:
    array = random((9, 7, 3), dtype)
    cv2.imwrite(str(tmp_path / "a.tif"), array[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 5])
    np.testing.assert_array_equal(read_picture(tmp_path / "a.tif").pixels, array)


def test_tiffs_of_others(tmp_path: Path) -> None:
    array, path = random((9, 7, 3), np.uint16), tmp_path / "a.tif"
    tifffile.imwrite(path, array.transpose(2, 0, 1), photometric="rgb", planarconfig="separate", compression="zlib")
    np.testing.assert_array_equal(read_picture(path).pixels, array)
    tifffile.imwrite(path, array[..., 0], photometric="miniswhite")
    np.testing.assert_array_equal(read_picture(path).pixels[..., 0], 65535 - array[..., 0])
    tifffile.imwrite(path, array[..., 0], extratags=[(274, 3, 1, 6, True)])
    np.testing.assert_array_equal(read_picture(path).pixels[..., 0], np.rot90(array[..., 0], -1))


def test_jpeg_is_upright_and_close(tmp_path: Path) -> None:
    rocket = skimage_data.rocket()[:64, :96]
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(np.rot90(rocket)).save(tmp_path / "a.jpg", exif=exif, quality=95, subsampling=0)
    read = read_picture(tmp_path / "a.jpg")
    assert read.pixels.shape == rocket.shape
    assert np.abs(read.pixels.astype(float) - rocket).mean() < 2
    write_picture(tmp_path / "b.jpeg", read)
    assert np.abs(read_picture(tmp_path / "b.jpeg").pixels.astype(float) - read.pixels).mean() < 1
    write_picture(tmp_path / "gray.jpg", Picture(read.pixels[..., :1]))
    assert read_picture(tmp_path / "gray.jpg").pixels.shape == (64, 96, 1)


@pytest.mark.parametrize(
    ("suffix", "dtype"),
    [*product((".png", ".tif", ".webp", ".jpg"), [np.uint8]), *product((".png", ".tif"), [np.uint16])],
)
def test_the_colour_profile_goes_along(tmp_path: Path, suffix: str, dtype: Any) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write_picture(tmp_path / f"a{suffix}", Picture(random((4, 5, 3), dtype), icc=icc))
    assert read_picture(tmp_path / f"a{suffix}").icc == icc


def test_the_content_decides_how_it_is_read(tmp_path: Path) -> None:
    file = BytesIO()
    Image.fromarray(random((4, 5, 3), np.uint8)).save(file, "PNG")
    (tmp_path / "a.jpg").write_bytes(file.getvalue())
    np.testing.assert_array_equal(read_picture(tmp_path / "a.jpg").pixels, random((4, 5, 3), np.uint8))


@pytest.mark.parametrize(
    ("name", "shape", "dtype"),
    [
        ("a.jpg", (2, 2, 4), np.uint8), ("a.bmp", (2, 2, 4), np.uint8), ("a.jpg", (2, 2, 3), np.uint16),
        ("a.png", (2, 2, 3), np.float32), ("a.gif", (2, 2, 3), np.uint8), ("a.webp", (1, 17000, 3), np.uint8),
    ],
)  # fmt: skip
def test_what_a_format_can_not_hold_is_refused(tmp_path: Path, name: str, shape: tuple[int, ...], dtype: Any) -> None:
    with pytest.raises(UserError, match=rf"{name}: .*(name the output|use one of) \.\w+"):
        write_picture(tmp_path / name, unstacked(random(shape, dtype), gray=False))
    assert not list(tmp_path.iterdir())
