"""Writing a picture in the format that its name says, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.io.exr import write_exr
from denoiselab.io.files import family_of
from denoiselab.io.page import Page, page_of, picture_of
from denoiselab.io.picture import Picture, to_channels
from denoiselab.io.png16 import encode_png16
from denoiselab.io.tiff_write import Bands, write_tiff

DEPTHS = {"PNG": ("uint8", "uint16"), "TIFF": ("uint8", "uint16", "float32"), "EXR": ("float32",)}
TRANSPARENT = ("PNG", "TIFF", "WEBP", "EXR")
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True, "exact": True},
}


def write_picture(path: Path | str, picture: Picture) -> None:
    """Write a picture; the suffix names the format, the dtype the depth, the channels the mode.

    JPEG is written at quality 95 without chroma subsampling, WebP losslessly (it has no gray: gray is
    written as RGB). What a format has no place for (EXIF in BMP) is left out, and exposure and position in TIFF.
    An existing file is replaced in one step; a failed write leaves nothing behind.
    """
    path, page = Path(path), page_of(picture)
    refuse_unfit(path, page)
    family = family_of(path)
    if family == "TIFF":
        write_tiff(path, [(page, [picture.stacked])])
        return
    if family == "EXR":
        with atomic(path) as draft:
            write_exr(draft, picture)
        return
    data = encoded(path, family, picture)
    with atomic(path) as draft:
        draft.write_bytes(data)


def write_pages(path: Path, pages: Sequence[tuple[Page, Bands]]) -> None:
    """Write pages as their rows come: a TIFF in the memory of a band, any other format whole, of one page.

    pages: the size and what is carried along of each, and its rows from top to bottom.
    """
    refuse_unfit(path, pages[0][0])
    if family_of(path) == "TIFF":
        write_tiff(path, pages)
    elif len(pages) > 1:
        raise UserError(f"{path}: holds one picture, not {len(pages)} pages; name the output .tif")
    else:
        write_picture(path, picture_of(*pages[0]))


def refuse_unfit(path: Path, page: Page) -> None:
    """Refuse a depth, or alpha, that the format can't hold; before anything is restored for it."""
    family = family_of(path)
    if page.dtype not in DEPTHS.get(family, ("uint8",)):
        remedy = ".tiff or .exr" if page.dtype == "float32" else ".png or .tiff"
        raise UserError(f"{path}: {family} can't hold {page.dtype} pixels; name the output {remedy}")
    if page.alpha and family not in TRANSPARENT:
        raise UserError(f"{path}: {family} can't hold alpha; name the output .png or .tiff")


def encoded(path: Path, family: str, picture: Picture) -> bytes:
    """The file's bytes."""
    try:
        return encode_png16(picture) if picture.pixels.dtype == "uint16" else encode_eight_bit(family, picture)
    except (OSError, ValueError, MemoryError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{path}: {family} can't hold this picture ({reason}); name the output .tiff") from error


def encode_eight_bit(family: str, picture: Picture) -> bytes:
    """Pillow's bytes of a uint8 picture."""
    from PIL import Image

    if family == "WEBP":
        picture = replace(picture, pixels=to_channels(picture.pixels, 3))
    array, file = picture.stacked, BytesIO()
    image = Image.fromarray(array[..., 0] if array.shape[2] == 1 else array)
    profile = {} if picture.icc is None or family == "BMP" else {"icc_profile": picture.icc}
    image.save(file, family, **OPTIONS.get(family, {}), **profile, **picture.about.save_options(family))
    return file.getvalue()
