"""Writing TIFF, uncompressed, which every reader knows: whole pictures, or pages as their rows come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.drafts import atomic
from denoiselab.io.metadata import DESCRIPTION, SOFTWARE, Metadata, stored
from denoiselab.io.page import Page
from denoiselab.io.shaped import fitting
from denoiselab.io.tiff_metadata import INCH, NO_UNIT, XMP

if TYPE_CHECKING:
    from tifffile import TiffWriter

CLASSIC = 4 * 10**9
"""Bytes up to which a TIFF's 32-bit offsets reach; beyond it is a BigTIFF."""
Bands = Iterable[NDArray[Any]]


def write_tiff(path: Path, pages: Sequence[tuple[Page, Bands]]) -> None:
    """Write pages as their rows come, all or nothing.

    pages: the size and what is carried along of each, and its rows in bands `(rows, W, channels + alpha)`.
    """
    import tifffile

    size = sum(page.height * page.width * page.samples * np.dtype(page.dtype).itemsize for page, _ in pages)
    with atomic(path) as draft, tifffile.TiffWriter(draft, bigtiff=size > CLASSIC) as tiff:
        if is_stack([page for page, _ in pages]):
            write_page(tiff, pages[0][0], chain.from_iterable(bands for _, bands in pages), len(pages))
            return
        for page, bands in pages:
            write_page(tiff, page, bands)


def is_stack(pages: Sequence[Page]) -> bool:
    """Whether pages are a stack of ImageJ's, which looks for all of its pixels behind those of the first page."""
    kinds = {(page.height, page.width, page.samples, page.dtype) for page in pages}
    return len(pages) > 1 == len(kinds) and pages[0].about.words().get(DESCRIPTION, "").startswith("ImageJ=")


def write_page(tiff: TiffWriter, page: Page, bands: Bands, count: int = 1) -> None:
    """Append a page to an open file, or `count` of its kind whose pixels lie in one piece."""
    several = page.samples > 1
    shape = (page.height, page.width, page.samples) if several else (page.height, page.width)
    tiff.write(
        (np.ascontiguousarray(band).tobytes() for band in bands),
        shape=shape if count == 1 else (count, *shape),
        dtype=page.dtype,
        photometric="rgb" if page.channels == 3 else "minisblack",
        planarconfig="contig" if several else None,
        extrasamples=["unassalpha"] if page.alpha else None,
        iccprofile=page.icc,
        metadata=None,
        **words(page.about, shape),
    )


def words(about: Metadata, shape: tuple[int, ...]) -> dict[str, Any]:
    """What tifffile's `write` takes of a file's words for such a page: it writes no tables within tables."""
    found = about.words()
    if description := fitting(found.pop(DESCRIPTION, ""), shape):
        found[DESCRIPTION] = description
    keys = {"description": DESCRIPTION, "software": SOFTWARE}
    named: dict[str, Any] = {"software": False} | {
        key: stored(found.pop(tag)) for key, tag in keys.items() if tag in found
    }
    extra: list[Any] = [(code, "s", 0, stored(text), True) for code, text in found.items()]
    extra += [(XMP, "B", len(about.xmp), about.xmp, True)] if about.xmp else []
    sizes = {"resolution": about.dpi, "resolutionunit": INCH} if about.dpi else {}
    sizes = {"resolution": about.density, "resolutionunit": NO_UNIT} if about.density else sizes
    return {**named, "extratags": extra, **sizes}
