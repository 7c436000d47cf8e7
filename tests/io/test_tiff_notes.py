"""What programs note in a TIFF for themselves stays true: ImageJ's pixel size and stacks, tifffile's shapes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from denoiselab.errors import UserError
from denoiselab.io import opened_pages, read_picture, write_pages, write_picture
from denoiselab.io.shaped import fitting

STACK = np.random.default_rng(0).integers(0, 256, (3, 20, 30), dtype=np.uint8)


def passed(source: Path, target: Path, scale: int = 1) -> None:
    """Write every page of a TIFF, its pixels repeated."""
    with opened_pages(source) as pages:
        large = [replace(page, height=page.height * scale, width=page.width * scale) for page in pages]
        rows = [page.rows(0, page.height).repeat(scale, 0).repeat(scale, 1) for page in pages]
        write_pages(target, [(page, [own[:9], own[9:]]) for page, own in zip(large, rows, strict=True)])


@pytest.mark.parametrize("pixels", [STACK, STACK[0]], ids=["stack", "single"])
def test_imagej_keeps_its_pixel_size(tmp_path: Path, pixels: Any) -> None:
    """Five pixels a micrometre; the pixels of a stack must lie in one piece, for ImageJ sees the first page alone."""
    metadata = {"unit": "um", "spacing": 2.0, **({"axes": "ZYX"} if pixels is STACK else {})}
    tifffile.imwrite(tmp_path / "a.tif", pixels, imagej=True, resolution=(5, 2.5), metadata=metadata)
    passed(tmp_path / "a.tif", tmp_path / "b.tif")
    with tifffile.TiffFile(tmp_path / "a.tif") as before, tifffile.TiffFile(tmp_path / "b.tif") as tiff:
        assert tiff.imagej_metadata == before.imagej_metadata and tiff.series[0].axes == before.series[0].axes
        assert np.array_equal(tiff.asarray(), pixels)
        pages = [page.aspage() for page in tiff.pages]
        assert all([page.tags[code].value for code in (282, 283, 296)] == [(5, 1), (5, 2), 1] for page in pages)
        starts = [page.dataoffsets[0] for page in pages]
        assert np.diff(starts).tolist() == [STACK[0].nbytes] * (len(pages) - 1)


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_a_pixel_size_without_a_unit_is_kept_as_it_is(tmp_path: Path, compression: str | None) -> None:
    info = {282: 7.5, 283: 7.5, 296: 1}
    Image.fromarray(STACK[0]).save(tmp_path / "a.tif", compression=compression, tiffinfo=info)
    picture = read_picture(tmp_path / "a.tif")
    assert picture.about.dpi is None
    write_picture(tmp_path / "b.tif", picture)
    with tifffile.TiffFile(tmp_path / "b.tif") as tiff:
        assert [tiff.pages.first.tags[code].value for code in (282, 283, 296)] == [(15, 2), (15, 2), 1]
    write_picture(tmp_path / "b.png", picture)
    assert read_picture(tmp_path / "b.png").about.dpi is None


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("layout", ["planar", "interleaved", "stack"])
def test_no_shape_of_tifffile_is_wrong(
    tmp_path: Path, scale: int, layout: str, caplog: pytest.LogCaptureFixture
) -> None:
    array = STACK.transpose(1, 2, 0) if layout == "interleaved" else STACK
    kind = {"planarconfig": "separate"} if layout == "planar" else {}
    photometric = "minisblack" if layout == "stack" else "rgb"
    tifffile.imwrite(tmp_path / "a.tif", array, photometric=photometric, metadata={"gain": 3}, **kind)
    passed(tmp_path / "a.tif", tmp_path / "b.tif", scale)
    shown = STACK.transpose(1, 2, 0) if layout == "planar" else array
    axes = (1, 2) if layout == "stack" else (0, 1)
    with tifffile.TiffFile(tmp_path / "b.tif") as tiff:
        assert np.array_equal(tiff.asarray(), shown.repeat(scale, axes[0]).repeat(scale, axes[1]))
        kept = {"shape": list(array.shape)} if scale == 1 and layout != "planar" else {}
        assert json.loads(tiff.pages.first.description) == {**kept, "gain": 3}
    assert not caplog.records


@pytest.mark.parametrize("text", ["", "words", "{}", "[1, 2]", '{"shape": "round"}', '{"shape": [4, 5, 1]}', "{broken"])
def test_other_descriptions_stay(text: str) -> None:
    assert fitting(text, (4, 5)) == text


def test_a_shape_alone_leaves_nothing() -> None:
    assert fitting('{"shape": [3, 4, 5], "axes": "SYX"}', (4, 5, 3)) == ""


def test_every_page_keeps_its_own_words(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        for number, pixels in enumerate(STACK, 1):
            tiff.write(pixels, description=f"page {number}", resolution=(72 * number, 72), metadata=None)
    passed(tmp_path / "a.tif", tmp_path / "b.tif")
    with tifffile.TiffFile(tmp_path / "b.tif") as written:
        pages = [page.aspage() for page in written.pages]
    assert [page.description for page in pages] == ["page 1", "page 2", "page 3"]
    assert [page.tags[282].value for page in pages] == [(72, 1), (144, 1), (216, 1)]


@pytest.mark.parametrize("big", [False, True])
def test_words_beyond_ascii(tmp_path: Path, big: bool) -> None:
    """As the unit of the pixel size in OME's description."""
    said, artist = 'PhysicalSizeXUnit="\N{MICRO SIGN}m"', "M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller"
    tags = [(315, 2, 0, artist.encode(), True)]
    tifffile.imwrite(
        tmp_path / "a.tif", STACK[0], description=said.encode(), extratags=tags, metadata=None, bigtiff=big
    )
    passed(tmp_path / "a.tif", tmp_path / "b.tif")
    with tifffile.TiffFile(tmp_path / "b.tif") as tiff:
        assert (tiff.pages.first.description, tiff.pages.first.tags[315].value) == (said, artist)
    for name in ("c.png", "c.jpg"):
        write_picture(tmp_path / name, read_picture(tmp_path / "a.tif"))
        write_picture(tmp_path / "d.tif", read_picture(tmp_path / name))
        with tifffile.TiffFile(tmp_path / "d.tif") as tiff:
            assert (tiff.pages.first.description, tiff.pages.first.tags[315].value) == (said, artist)


@pytest.mark.parametrize("kind", [{"imagej": True}, {}])
def test_pictures_behind_one_page_are_not_lost_unsaid(tmp_path: Path, kind: dict[str, Any]) -> None:
    """ImageJ writes stacks of over 4 GB so."""
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((5, 20, 30), np.uint16), truncate=True, **kind)
    with pytest.raises(UserError, match=r"a\.tif: holds 5 pictures behind one page"), opened_pages(tmp_path / "a.tif"):
        pass


def test_a_resolution_that_is_no_fraction_refuses_no_picture(tmp_path: Path) -> None:
    table, double = ImageFileDirectory_v2(), 12
    for code in (282, 283):
        table.tagtype[code], table[code] = double, 72.0
    Image.new("L", (30, 20), 7).save(tmp_path / "a.tif", tiffinfo=table)
    read = read_picture(tmp_path / "a.tif")
    assert read.pixels.shape == (20, 30, 1) and read.about.dpi is None and read.about.density is None
