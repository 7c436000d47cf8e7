"""Writing TIFF, uncompressed, which every reader knows: whole pictures, or pages as their rows come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.drafts import atomic
from denoiselab.io.metadata import DATE, DESCRIPTION, SOFTWARE, Metadata
from denoiselab.io.page import Page, page_of
from denoiselab.io.picture import Picture
from denoiselab.io.tiff_metadata import XMP

if TYPE_CHECKING:
    from tifffile import TiffWriter

CLASSIC = 4 * 10**9
"""Bytes up to which a TIFF's 32-bit offsets reach; beyond it is a BigTIFF."""
Bands = Iterable[NDArray[Any]]


def encode_tiff(picture: Picture) -> bytes:
    """A picture as a TIFF of one page."""
    import tifffile

    file = BytesIO()
    with tifffile.TiffWriter(file, bigtiff=picture.stacked.nbytes > CLASSIC) as tiff:
        write_page(tiff, page_of(picture), [picture.stacked])
    return file.getvalue()


def write_tiff(path: Path, pages: Sequence[tuple[Page, Bands]]) -> None:
    """Write pages as their rows come, all or nothing.

    pages: the size and what is carried along of each, and its rows in bands `(rows, W, channels + alpha)`.
    """
    import tifffile

    size = sum(page.height * page.width * page.samples * np.dtype(page.dtype).itemsize for page, _ in pages)
    with atomic(path) as draft, tifffile.TiffWriter(draft, bigtiff=size > CLASSIC) as tiff:
        for page, bands in pages:
            write_page(tiff, page, bands)


def write_page(tiff: TiffWriter, page: Page, bands: Bands) -> None:
    """Append a page to an open file."""
    several = page.samples > 1
    tiff.write(
        (np.ascontiguousarray(band).tobytes() for band in bands),
        shape=(page.height, page.width, page.samples) if several else (page.height, page.width),
        dtype=page.dtype,
        photometric="rgb" if page.channels == 3 else "minisblack",
        planarconfig="contig" if several else None,
        extrasamples=["unassalpha"] if page.alpha else None,
        iccprofile=page.icc,
        metadata=None,
        **words(page.about),
    )


def words(about: Metadata) -> dict[str, Any]:
    """What tifffile's `write` takes of a file's words: it has no place for tables within tables."""
    found = about.words()
    keys = {"description": DESCRIPTION, "datetime": DATE, "software": SOFTWARE}
    named: dict[str, Any] = {"software": False} | {key: found.pop(tag) for key, tag in keys.items() if tag in found}
    extra: list[Any] = [(code, "s", 0, text, True) for code, text in found.items()]
    extra += [(XMP, "B", len(about.xmp), about.xmp, True)] if about.xmp else []
    sizes = {"resolution": about.dpi, "resolutionunit": 2} if about.dpi else {}
    return {**named, "extratags": extra, **sizes}
