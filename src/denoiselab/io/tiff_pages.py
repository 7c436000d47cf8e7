"""Reading TIFF page by page and row by row, in the memory of a few strips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.io.eight_bit import refuse_huge
from denoiselab.io.page import Page, page_of
from denoiselab.io.read import named, read_picture
from denoiselab.io.tiff import ICC, KEPT, RGB, is_coloured, is_own, plain, refuse_empty, refuse_unknown, shown
from denoiselab.io.tiff_metadata import metadata_of, orientation, tag

if TYPE_CHECKING:
    from tifffile import TiffPage

Rows = Callable[[int, int], NDArray[Any]]


@contextmanager
def opened_tiff(path: Path) -> Iterator[list[Page]]:
    """All pages but the thumbnails; a single one of which only the whole can be read is read whole."""
    import tifffile

    with named(path):
        with path.open("rb") as file:
            refuse_empty(file)
        tiff = tifffile.TiffFile(path)
    with tiff:
        with named(path):
            stored = shown(tiff)
        if len(stored) == 1 and not streams(stored[0]):
            yield [page_of(read_picture(path))]
            return
        with named(path):
            pages = [page_of_tiff(page, path) for page in stored]
        yield pages


def streams(page: TiffPage) -> bool:
    """Whether rows of a page can be read one after another: upright, gray or RGB, decoded by tifffile itself."""
    upright = orientation(page) == 1 and page.axes in ("YX", "YXS")
    return upright and is_coloured(page) and is_own(page) and str(page.dtype) in KEPT


def page_of_tiff(page: TiffPage, path: Path) -> Page:
    """One of the pages, by its header alone."""
    refuse_huge(page.imagewidth, page.imagelength)
    refuse_unknown(page)
    if not streams(page):
        remedy = "save it upright, as Deflate"
        raise UserError(f"page {page.index + 1} is rotated, in planes or of a compression unknown here; {remedy}")
    channels = 3 if page.photometric == RGB else 1
    stored = in_one_piece(page) if page.is_memmappable else in_segments(page)

    def rows(start: int, stop: int) -> NDArray[Any]:
        with named(path):
            return plain(stored(start, stop), page)

    with path.open("rb") as file:
        about = metadata_of(page, file)
    alpha = page.samplesperpixel > channels
    size = (page.imagelength, page.imagewidth)
    return Page(*size, channels, alpha, KEPT[str(page.dtype)], rows, tag(page, ICC, None), about)


def in_one_piece(page: TiffPage) -> Rows:
    """Rows of an uncompressed page, straight from the file."""
    file, native, shape = page.parent.filehandle, np.dtype(page.dtype), (page.imagewidth, page.samplesperpixel)
    stored, size = native.newbyteorder(page.parent.byteorder), shape[0] * shape[1] * native.itemsize

    def rows(start: int, stop: int) -> NDArray[Any]:
        file.seek(page.dataoffsets[0] + start * size)
        data = file.read((stop - start) * size)
        return np.frombuffer(data, stored).astype(native).reshape(stop - start, *shape)

    return rows


def in_segments(page: TiffPage) -> Rows:
    """Rows of a page in strips or tiles; the last ones are kept, since the next rows may begin in them."""
    file, side, across = page.parent.filehandle, page.chunks[0], page.chunked[1]

    def segment(index: int) -> NDArray[Any]:
        file.seek(page.dataoffsets[index])
        array = page.decode(file.read(page.databytecounts[index]), index)[0]
        if array is None:
            raise ValueError(f"strip {index} is missing")
        return np.asarray(array)[0]

    @lru_cache(maxsize=2)
    def line(number: int) -> NDArray[Any]:
        whole = np.concatenate([segment(number * across + i) for i in range(across)], axis=1)
        return whole[:, : page.imagewidth]  # tiles at the border are larger than what they show

    def rows(start: int, stop: int) -> NDArray[Any]:
        first, last = start // side, (stop - 1) // side
        lines = np.concatenate([line(number) for number in range(first, last + 1)])
        return lines[start - first * side : stop - first * side]

    return rows
