"""TIFF with offsets of 64 bits, which anything over 4 GB needs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from denoiselab.io import opened_pages, read_picture, tiff_write, write_pages, write_picture

PIXELS = np.random.default_rng(0).integers(0, 65536, (3, 20, 30), dtype=np.uint16)
ICC, XMP = b"profile " * 20, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
PALETTE = np.random.default_rng(1).integers(0, 256, (3, 256), dtype=np.uint16) * 257
MAKE = 271


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_its_pixels_and_words(tmp_path: Path, byteorder: Any) -> None:
    said: dict[str, Any] = {"resolution": (300, 200), "resolutionunit": 2, "iccprofile": ICC, "description": "words"}
    more = [(700, 1, len(XMP), XMP, True), (MAKE, 2, 0, "A maker", True)]
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PIXELS[0], bigtiff=True, byteorder=byteorder, extratags=more, metadata=None, **said)
    picture = read_picture(path)
    write_picture(tmp_path / "b.tif", picture)
    again = read_picture(tmp_path / "b.tif")
    for one in (picture, again):
        assert np.array_equal(one.pixels[..., 0], PIXELS[0])
        assert (one.icc, one.about.xmp, one.about.dpi) == (ICC, XMP, (300, 200))
        assert one.about.words() == {270: "words", 305: "tifffile.py", MAKE: "A maker"}


def test_those_of_pillow_in_planes_and_by_palette(tmp_path: Path) -> None:
    """Also one of which only the whole is read."""
    colour = (PIXELS >> 8).astype(np.uint8)
    Image.fromarray(colour.transpose(1, 2, 0)).save(tmp_path / "a.tif", big_tiff=True)
    tifffile.imwrite(tmp_path / "b.tif", colour, bigtiff=True, photometric="rgb", planarconfig="separate")
    tifffile.imwrite(tmp_path / "c.tif", colour[0], bigtiff=True, photometric="palette", colormap=PALETTE)
    assert np.array_equal(read_picture(tmp_path / "a.tif").pixels, colour.transpose(1, 2, 0))
    for name, pixels in (("b", colour.transpose(1, 2, 0)), ("c", (PALETTE >> 8)[:, colour[0]].transpose(1, 2, 0))):
        with opened_pages(tmp_path / f"{name}.tif") as (page,):
            assert np.array_equal(page.rows(0, 20), pixels)


@pytest.mark.parametrize("layout", [{}, {"rowsperstrip": 7, "compression": "deflate"}], ids=str)
def test_a_stack_row_by_row(tmp_path: Path, layout: dict[str, Any]) -> None:
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, bigtiff=True, photometric="minisblack", **layout)
    with opened_pages(tmp_path / "a.tif") as pages:
        assert np.array_equal(pages[1].rows(5, 17)[..., 0], PIXELS[1, 5:17])
        write_pages(tmp_path / "b.tif", [(page, [page.rows(0, 11), page.rows(11, 20)]) for page in pages])
    assert np.array_equal(tifffile.imread(tmp_path / "b.tif"), PIXELS)


def test_what_is_too_large_for_classic_is_written_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff_write, "CLASSIC", 3 * PIXELS[0].nbytes - 1)
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="minisblack")
    with opened_pages(tmp_path / "a.tif") as pages:
        write_pages(tmp_path / "all.tif", [(page, [page.rows(0, 20)]) for page in pages])
        write_pages(tmp_path / "two.tif", [(page, [page.rows(0, 20)]) for page in pages[:2]])
    for name, count in (("all", 3), ("two", 2)):
        with tifffile.TiffFile(tmp_path / f"{name}.tif") as tiff:
            assert tiff.is_bigtiff == (count == 3)
            assert np.array_equal(tiff.pages[count - 1].asarray(), PIXELS[count - 1])
