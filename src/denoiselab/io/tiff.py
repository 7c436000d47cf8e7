"""TIFF, 8 and 16 bit and float32, by tifffile."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.io.eight_bit import decode_eight_bit, refuse_huge
from denoiselab.io.metadata import ORIENTATION
from denoiselab.io.picture import Picture, unstacked, upright
from denoiselab.io.tiff_metadata import metadata_of, orientation, tag

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPage

ICC = 34675
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB = 0, 1, 2
PREMULTIPLIED = 1
KEPT = {"bool": "uint8", "uint8": "uint8", "uint16": "uint16"}
OWN_COMPRESSIONS = (1, 8, 32773, 32946)  # none, Deflate, PackBits: the rest wants tifffile's imagecodecs
OWN_PREDICTORS = (1, 2)
KEPT |= {"float16": "float32", "float32": "float32", "float64": "float32"}


def decode_tiff(data: bytes) -> Picture:
    """A TIFF of one page. float64 becomes float32; white-is-zero gray is turned over."""
    import tifffile

    refuse_empty(BytesIO(data))
    with tifffile.TiffFile(BytesIO(data)) as tiff:
        page, *others = shown(tiff)
        if others:
            raise UserError(f"holds {1 + len(others)} pages; save each as a picture of its own")
        refuse_huge(page.imagewidth, page.imagelength)
        about = metadata_of(page, BytesIO(data))
        if not is_coloured(page) and page.bitspersample > 8:
            raise UserError(
                f"{page.bitspersample}-bit pixels that are neither gray nor RGB; save it as RGB of this depth"
            )
        if not is_coloured(page) or (page.bitspersample == 8 and not is_own(page)):
            return replace(decode_eight_bit(data), about=about)
        refuse_unknown(page)
        return unstacked(pixels_of(page, data), page.photometric != RGB, tag(page, ICC, None), about)


def refuse_empty(file: IO[bytes]) -> None:
    """Refuse a file without a page, as a writer leaves it that was stopped: tifffile reads it as one of none.

    The header is the byte order, 42 or (BigTIFF) 43, and where the first page begins.
    """
    head, size = file.read(16), file.seek(0, os.SEEK_END)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    big = 43 in head[2:4]
    first = int.from_bytes(head[8:] if big else head[4:8], order)
    if not 0 < first < size:
        raise ValueError("it holds no page")


def shown(tiff: TiffFile) -> list[TiffPage]:
    """All pages but the thumbnails.

    Raises:
        UserError: pictures that have no page of their own, as ImageJ writes stacks of over 4 GB.
    """
    pages = [page.aspage() for page in tiff.pages if not int(getattr(page, "subfiletype", 0)) & 1]
    if len(tiff.pages) == 1 and (behind := tiff.series[0].size // tiff.pages.first.size) > 1:
        raise UserError(f"holds {behind} pictures behind one page; save each as a page of its own")
    return pages or [tiff.pages.first]


def refuse_unknown(page: TiffPage) -> None:
    """Refuse depths, channels and axes that could only be read wrongly."""
    if str(page.dtype) not in KEPT or page.bitspersample not in (1, 8, 16, 32, 64):
        raise UserError(f"{page.bitspersample}-bit {page.dtype} pixels; save it as 8 or 16 bit unsigned or float32")
    extra = page.samplesperpixel - (3 if page.photometric == RGB else 1)
    if page.axes not in ("YX", "YXS", "SYX") or extra not in (0, 1):
        raise UserError(f"{page.samplesperpixel} channels over {page.axes}; save it as gray or RGB, with alpha or not")
    if PREMULTIPLIED in page.extrasamples:
        raise UserError("its alpha is premultiplied; save it with plain (unassociated) alpha")


def is_coloured(page: TiffPage) -> bool:
    """Whether the values are gray or RGB as they stand."""
    return page.photometric in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB)


def is_own(page: TiffPage) -> bool:
    """Whether tifffile decodes the page without a package of its own."""
    return page.compression in OWN_COMPRESSIONS and page.predictor in OWN_PREDICTORS


def pixels_of(page: TiffPage, data: bytes) -> NDArray[Any]:
    """`(H, W)` or `(H, W, S)`, upright."""
    if not is_own(page):
        followed = ORIENTATION in page.tags  # by OpenCV, which doesn't look for it in XMP
        return upright(plain(by_opencv(page, data), page), 1 if followed else orientation(page))
    array = np.asarray(page.asarray())
    array = np.moveaxis(array, 0, -1) if page.axes == "SYX" else array
    return upright(plain(array, page), orientation(page))


def plain(array: NDArray[Any], page: TiffPage) -> NDArray[Any]:
    """Stored values -> black is zero, in the dtype that is kept; floats that are no numbers would spread."""
    if page.photometric == WHITE_IS_ZERO and array.dtype.kind in "bu":
        array = ~array
    array = array * np.uint8(255) if array.dtype == bool else array
    with np.errstate(over="ignore"):  # float64 beyond float32's range is looked for below
        array = array.astype(KEPT[str(array.dtype)], copy=False)
    if array.dtype.kind == "f" and (lost := array.size - int(np.isfinite(array).sum())):
        raise UserError(f"{lost} of its values are not finite, or beyond float32; set them to a number")
    return array


def by_opencv(page: TiffPage, data: bytes) -> NDArray[Any]:
    """16 bit and float in LZW and the like; OpenCV goes by their orientation, and multiplies alpha in: refused."""
    import cv2

    array = None if page.extrasamples else cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or str(array.dtype) not in KEPT:
        raise UserError("its compression isn't known here; save it uncompressed or as Deflate")
    return array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]
