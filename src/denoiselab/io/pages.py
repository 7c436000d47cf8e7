"""A file as pages that are read row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from denoiselab.io.page import Page, page_of
from denoiselab.io.read import TIFF, read_picture
from denoiselab.io.tiff_pages import opened_tiff


@contextmanager
def opened_pages(path: Path) -> Iterator[list[Page]]:
    """The pages of a TIFF, strip by strip where it is stored so; the one page of any other file.

    Raises:
        UserError: see `read_picture`.
    """
    with path.open("rb") as file:
        is_tiff = file.read(4) in TIFF
    if not is_tiff:
        yield [page_of(read_picture(path))]
        return
    with opened_tiff(path) as pages:
        yield pages
