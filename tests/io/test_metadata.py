"""EXIF, XMP, resolution and texts go along; Pillow reads them back."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from denoiselab.io import Picture, opened_pages, read_picture, write_picture
from denoiselab.io.picture import upright

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>\xc3\xa4</x:xmpmeta>"
TURNED = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description tiff:Orientation=\"6\"/></x:xmpmeta>"
MAKE, DATE, COPYRIGHT, ORIENTATION = 271, 306, 33432, 274
EXPOSURE, EXPOSURE_TIME, WIDTH, OWNER, LENS = 0x8769, 33434, 40962, 42032, 42036
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


@pytest.mark.parametrize("suffix", ["jpg", "webp", "png", "tif"])
@pytest.mark.parametrize("said", [{}, {ORIENTATION: 6}], ids=["xmp", "both"])
def test_nothing_is_turned_twice(tmp_path: Path, suffix: str, said: dict[int, int]) -> None:
    """Editors write the orientation into XMP too, and readers fall back on it."""
    chunks, source, target = PngInfo(), tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    chunks.add_itxt("XML:com.adobe.xmp", TURNED.decode())
    about: dict[str, Any] = {"pnginfo": chunks} if suffix == "png" else {"xmp": TURNED}
    if suffix == "tif":
        tifffile.imwrite(source, PIXELS, extratags=[(700, "B", len(TURNED), TURNED, True)]
                         + [(code, "H", 1, value, True) for code, value in said.items()])  # fmt: skip
    else:
        exif = Image.Exif()
        exif.update(said)
        Image.fromarray(PIXELS).save(source, exif=exif, **about)
    picture = read_picture(source)
    assert picture.pixels.shape == (5, 6, 3)
    with opened_pages(source) as (page,):
        assert (page.height, page.width) == (5, 6)
    write_picture(target, picture)
    assert read_picture(target).pixels.shape == (5, 6, 3)
    with Image.open(target) as image:
        image.load()
        assert ImageOps.exif_transpose(image).size == (6, 5)


@pytest.mark.parametrize(("kind", "compression"), [(1, None), (1, "tiff_lzw"), (2, None)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_xmp_alone_turns_a_tiff_of_any_kind(tmp_path: Path, kind: int, compression: str | None, dtype: Any) -> None:
    directory = ImageFileDirectory_v2()
    directory.tagtype[700] = kind
    directory[700] = TURNED if kind == 1 else TURNED.decode()
    pixels = PIXELS[..., 0].astype(dtype)
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression=compression, tiffinfo=directory)
    picture = read_picture(tmp_path / "a.tif")
    assert np.array_equal(picture.pixels[..., 0], upright(pixels, 6)) and b'"1"' in (picture.about.xmp or b"")


def test_exif_in_the_words_of_imagemagick_turns_once(tmp_path: Path) -> None:
    exif, chunks = Image.Exif(), PngInfo()
    exif[ORIENTATION] = 6
    said = exif.tobytes()
    chunks.add_text("Raw profile type exif", f"\nexif\n{len(said):8}\n{said.hex()}\n")
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=chunks)
    picture = read_picture(tmp_path / "a.png")
    write_picture(tmp_path / "b.png", picture)
    assert picture.pixels.shape == read_picture(tmp_path / "b.png").pixels.shape == (5, 6, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_tiffs_of_any_compression_are_upright(tmp_path: Path, orientation: int, compression: str, dtype: Any) -> None:
    pixels = (PIXELS[..., 0] / 256).astype(dtype) if dtype is np.float32 else PIXELS[..., 0].astype(dtype) * 257
    tiffinfo = {ORIENTATION: orientation}
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression=compression, tiffinfo=tiffinfo)
    assert np.array_equal(read_picture(tmp_path / "a.tif").pixels[..., 0], upright(pixels, orientation))


@pytest.mark.parametrize("date", ["2021:05:05 10:11:12", "in May"])
def test_a_tiff_keeps_its_date(tmp_path: Path, date: str) -> None:
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, extratags=[(DATE, "s", 0, date, True)])
    write_picture(tmp_path / "b.tif", read_picture(tmp_path / "a.tif"))
    with tifffile.TiffFile(tmp_path / "b.tif") as tiff:
        assert tiff.pages.first.tags[DATE].value == date


def test_names_that_are_no_ascii(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXPOSURE).update({OWNER: "Jürgen".encode(), LENS: "A lens"})
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=exif)
    write_picture(tmp_path / "b.jpg", read_picture(tmp_path / "a.jpg"))
    with Image.open(tmp_path / "b.jpg") as image:
        found = image.getexif().get_ifd(EXPOSURE)
        assert (found[OWNER].decode(), found[LENS]) == ("Jürgen", "A lens")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_png_says_still_that_it_is_linear(tmp_path: Path, dtype: Any) -> None:
    chunks = PngInfo()
    chunks.add(b"gAMA", (100_000).to_bytes(4, "big"))
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=chunks)
    about = read_picture(tmp_path / "a.png").about
    write_picture(tmp_path / "b.png", Picture(PIXELS.astype(dtype), about=about))
    assert read_picture(tmp_path / "b.png").about.gamma == about.gamma == 1


def test_cmyk_by_its_profile() -> None:
    """A profile of inks isn't at hand: that it is asked for, and what can't be read is said."""
    from denoiselab.errors import UserError
    from denoiselab.io.eight_bit import by_profile

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with pytest.raises(UserError, match="its CMYK profile can't be read"):
        by_profile(Image.new("CMYK", (2, 2)), srgb)
