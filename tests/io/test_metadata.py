"""EXIF, XMP, resolution and texts go along; Pillow reads them back."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from denoiselab.io import Picture, read_picture, write_picture

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>\xc3\xa4</x:xmpmeta>"
MAKE, COPYRIGHT, ORIENTATION, EXPOSURE, EXPOSURE_TIME, WIDTH = 271, 33432, 274, 0x8769, 33434, 40962
PIXELS = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)


@pytest.fixture(params=["png", "jpg", "webp"])
def photograph(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A picture with everything that its format can say."""
    exif = Image.Exif()
    exif[MAKE], exif[COPYRIGHT], exif[ORIENTATION] = "A maker", "(c) somebody", 6
    exif.get_ifd(EXPOSURE)[EXPOSURE_TIME] = IFDRational(1, 60)
    exif.get_ifd(EXPOSURE)[WIDTH] = 5
    more: dict[str, Any] = {} if request.param == "webp" else {"dpi": (300, 300)}
    path = tmp_path / f"a.{request.param}"
    about = {"xmp": XMP} if request.param != "png" else {"pnginfo": texts()}
    Image.fromarray(PIXELS).save(path, exif=exif, **about, **more)
    return path


def texts() -> Any:
    from PIL.PngImagePlugin import PngInfo

    found = PngInfo()
    found.add_text("Title", "A title")
    found.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return found


@pytest.mark.parametrize(
    ("suffix", "dtype"),
    [*product((".png", ".tif", ".webp", ".jpg"), [np.uint8]), *product((".png", ".tif"), [np.uint16])],
)
def test_metadata_goes_along(photograph: Path, tmp_path: Path, suffix: str, dtype: Any) -> None:
    picture = read_picture(photograph)
    assert picture.pixels.shape[:2] == (5, 6)
    write_picture(tmp_path / f"out{suffix}", Picture(picture.pixels.astype(dtype), about=picture.about))
    again = read_picture(tmp_path / f"out{suffix}")
    assert again.pixels.shape == picture.pixels.shape
    for about in (picture.about, again.about):
        exif = Image.Exif()
        exif.load(about.exif)
        assert (exif[MAKE], exif[COPYRIGHT]) == ("A maker", "(c) somebody")
        assert ORIENTATION not in exif
        assert WIDTH not in exif.get_ifd(EXPOSURE)
        if about is picture.about or suffix != ".tif":
            assert float(exif.get_ifd(EXPOSURE)[EXPOSURE_TIME]) == pytest.approx(1 / 60)
        assert about.xmp == XMP
    if picture.about.dpi and suffix != ".webp":
        assert again.about.dpi == pytest.approx((300, 300), rel=1e-3)
    if photograph.suffix == suffix == ".png":
        assert again.about.text == {"Title": "A title"}


def test_eight_bit_files_are_as_pillow_reads_them(photograph: Path, tmp_path: Path) -> None:
    write_picture(tmp_path / photograph.name.replace("a", "b"), read_picture(photograph))
    with Image.open(tmp_path / photograph.name.replace("a", "b")) as image:
        image.load()
        assert image.getexif()[MAKE] == "A maker"
        assert image.info["xmp"] == XMP


def test_a_bare_picture_stays_bare(tmp_path: Path) -> None:
    for suffix in (".png", ".jpg", ".webp", ".tif", ".bmp"):
        write_picture(tmp_path / f"a{suffix}", Picture(PIXELS))
        about = read_picture(tmp_path / f"a{suffix}").about
        assert (about.exif, about.xmp, dict(about.text)) == (None, None, {})


def test_cmyk_by_its_profile() -> None:
    """A profile of inks isn't at hand: that it is asked for, and what can't be read is said."""
    from denoiselab.errors import UserError
    from denoiselab.io.eight_bit import by_profile

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with pytest.raises(UserError, match="its CMYK profile can't be read"):
        by_profile(Image.new("CMYK", (2, 2)), srgb)
