"""TIFF, 8 and 16 bit and float32, by tifffile."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.io.eight_bit import decode_eight_bit, refuse_huge
from denoiselab.io.metadata import ORIENTATION, Metadata, exif_bytes
from denoiselab.io.picture import Picture, unstacked, upright

if TYPE_CHECKING:
    from tifffile import TiffPage

ICC, XMP, RESOLUTION, UNIT = 34675, 700, (282, 283), 296
INCHES = {2: 1.0, 3: 2.54}
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB = 0, 1, 2
PREMULTIPLIED = 1
KEPT = {"bool": "uint8", "uint8": "uint8", "uint16": "uint16"}
OWN_COMPRESSIONS = (1, 8, 32773, 32946)  # none, Deflate, PackBits: the rest wants tifffile's imagecodecs
OWN_PREDICTORS = (1, 2)
KEPT |= {"float16": "float32", "float32": "float32", "float64": "float32"}


def decode_tiff(data: bytes) -> Picture:
    """A TIFF of one page. float64 becomes float32; white-is-zero gray is turned over."""
    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as tiff:
        page = tiff.pages.first
        pages = sum(not int(getattr(p, "subfiletype", 0)) & 1 for p in tiff.pages)
        if pages > 1:
            raise UserError(f"holds {pages} pages; save each as a picture of its own")
        refuse_huge(page.imagewidth, page.imagelength)
        if not is_coloured(page) or (page.bitspersample == 8 and not is_own(page)):
            return decode_eight_bit(data)
        refuse_unknown(page)
        array = upright(pixels_of(page, data), int(tag(page, ORIENTATION, 1)))
        return unstacked(array, page.photometric != RGB, tag(page, ICC, None), metadata_of(page, BytesIO(data)))


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
    """`(H, W)` or `(H, W, S)`."""
    array = np.asarray(page.asarray()) if is_own(page) else by_opencv(page, data)
    array = np.moveaxis(array, 0, -1) if is_own(page) and page.axes == "SYX" else array
    return plain(array, page)


def plain(array: NDArray[Any], page: TiffPage) -> NDArray[Any]:
    """Stored values -> black is zero, in the dtype that is kept."""
    if page.photometric == WHITE_IS_ZERO and array.dtype.kind in "bu":
        array = ~array
    array = array * np.uint8(255) if array.dtype == bool else array
    return array.astype(KEPT[str(array.dtype)], copy=False)


def by_opencv(page: TiffPage, data: bytes) -> NDArray[Any]:
    """16 bit and float in LZW and the like; OpenCV multiplies alpha in, so that is refused."""
    import cv2

    array = None if page.extrasamples else cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None or str(array.dtype) not in KEPT:
        raise UserError("its compression isn't known here; save it uncompressed or as Deflate")
    return array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]


def tag(page: TiffPage, code: int, otherwise: Any) -> Any:
    """The value of a tag."""
    found = page.tags.get(code)
    return otherwise if found is None else found.value


def metadata_of(page: TiffPage, file: IO[bytes]) -> Metadata:
    """A TIFF's tables are EXIF's."""
    from PIL.Image import Exif

    exif = Exif()
    exif.load_from_fp(file)
    inch = INCHES.get(int(tag(page, UNIT, 2)))
    across, down = (tag(page, code, (0, 1)) for code in RESOLUTION)
    known = inch and across[0] and across[1] and down[0] and down[1]
    dpi = (across[0] / across[1] * inch, down[0] / down[1] * inch) if known else None
    return Metadata(exif_bytes(exif), tag(page, XMP, None), dpi)
