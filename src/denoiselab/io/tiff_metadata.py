"""What a page of a TIFF says beside its pixels, BigTIFF or not."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from denoiselab.io.metadata import ORIENTATION, WORDS, Metadata, exif_bytes, turned_by, upright_xmp

if TYPE_CHECKING:
    from tifffile import TiffPage

XMP, RESOLUTION, UNIT = 700, (282, 283), 296
NO_UNIT, INCH = 1, 2
INCHES = {INCH: 1.0, 3: 2.54}


def tag(page: TiffPage, code: int, otherwise: Any) -> Any:
    """The value of a tag."""
    found = page.tags.get(code)
    return otherwise if found is None else found.value


def orientation(page: TiffPage) -> int:
    """How a page is to be turned, 1 to 8: by its tag, else by its XMP, as Pillow does."""
    return int(tag(page, ORIENTATION, 0)) or turned_by(xmp_of(page))


def xmp_of(page: TiffPage) -> bytes | None:
    """Its XMP, as bytes or as text in the file."""
    found = tag(page, XMP, None)
    return found.encode() if isinstance(found, str) else found


def metadata_of(page: TiffPage, file: IO[bytes]) -> Metadata:
    """A page's own words: a TIFF's tables are EXIF's. Of a BigTIFF's only the first, for Pillow doesn't read them."""
    from PIL.Image import Exif

    exif = Exif()
    if page.parent.is_bigtiff:
        exif.update({code: text.encode() for code in WORDS if isinstance(text := tag(page, code, None), str)})
    else:
        exif.endian = page.parent.byteorder
        exif.load_from_fp(file, page.offset)
    return Metadata(exif_bytes(exif), upright_xmp(xmp_of(page)), **resolution(page))


def resolution(page: TiffPage) -> dict[str, Any]:
    """`dpi`, or `density` where the file names no unit; nothing where it says nothing."""
    across, down = (tag(page, code, (0, 1)) for code in RESOLUTION)
    unit = int(tag(page, UNIT, INCH))
    if not all(isinstance(one, tuple) and len(one) == 2 and all(one) for one in (across, down)):
        return {}
    if unit == NO_UNIT:
        return {"density": (across, down)}
    inch = INCHES.get(unit)
    return {"dpi": (across[0] / across[1] * inch, down[0] / down[1] * inch)} if inch else {}
