"""What a file says beside its pixels: carried along, never read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

ORIENTATION = 274
DESCRIPTION, MAKE, MODEL, SOFTWARE, DATE, ARTIST, COPYRIGHT = WORDS = (270, 271, 272, 305, 306, 315, 33432)
SUBFOLDERS = (34665, 34853)
"""Exposure and position, in tables of their own."""
SIZE = (40962, 40963)
GAMMA_UNITS = 100_000
BYTES = "latin-1"
"""As what Pillow reads EXIF's texts, whatever they are in, UTF-8 mostly: a character for each byte."""
XMP_CHUNK = "XML:com.adobe.xmp"
TURNED = re.compile(rb'(tiff:Orientation(?:="|>))([1-8])')
"""Orientation once more, in XMP: Pillow, as other readers, goes by it where EXIF says none."""
EXIF_TEXTS = ("Raw profile type exif", "Raw profile type APP1")
"""Under which names ImageMagick writes EXIF into PNG's texts."""


@dataclass(frozen=True)
class Metadata:
    """A file's own words.

    exif: as EXIF stores it, upright: description, camera, date, author, exposure, position.
    xmp: Adobe's, upright too, else as it stands.
    dpi: pixels per inch, horizontal and vertical.
    density: pixels per unit, both as a fraction, where a TIFF leaves the unit to its description, as ImageJ's do.
    text: PNG's named texts.
    gamma: the exponent of a PNG's values, 1 where they are linear.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    density: tuple[tuple[int, int], tuple[int, int]] | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    gamma: float | None = None

    def enlarged(self, scale: int) -> Metadata:
        """That of the scene in so many times the pixels a side: more of them to a unit that only a description names.

        dpi stays as it is, for printing.
        """
        if self.density is None:
            return self
        across, down = ((count * scale, units) for count, units in self.density)
        return replace(self, density=(across, down))

    def save_options(self, family: str) -> dict[str, Any]:
        """What Pillow's `save` takes of it in a format."""
        options = {"exif": self.exif, "xmp": self.xmp, "dpi": self.dpi}
        taken = {"BMP": ("dpi",), "WEBP": ("exif", "xmp"), "JPEG": ("exif", "xmp", "dpi"), "PNG": ("exif", "dpi")}
        found = {key: options[key] for key in taken[family] if options[key] is not None}
        return found | ({"pnginfo": self.png_chunks()} if family == "PNG" else {})

    def png_chunks(self) -> Any:
        """The texts, the XMP as one of them, and gamma."""
        from PIL.PngImagePlugin import PngInfo

        chunks = PngInfo()
        for name, value in self.texts().items():
            chunks.add_itxt(name, value)
        if self.gamma is not None:
            chunks.add(*self.png_gamma(self.gamma))
        return chunks

    @staticmethod
    def png_gamma(gamma: float) -> tuple[bytes, bytes]:
        """PNG's chunk of it: its kind, and its data."""
        return b"gAMA", round(gamma * GAMMA_UNITS).to_bytes(4, "big")

    def texts(self) -> dict[str, str]:
        """PNG's texts, of which XMP is one."""
        return {**self.text, **({XMP_CHUNK: self.xmp.decode("utf-8", "replace")} if self.xmp else {})}

    def words(self) -> dict[int, str]:
        """The texts of the first EXIF table by their tags, a character for each byte."""
        from PIL.Image import Exif

        exif = Exif()
        exif.load(self.exif or b"")
        return {code: str(exif[code]) for code in WORDS if code in exif}


def metadata_of(image: Image) -> Metadata:
    """What Pillow found in a picture."""
    texts = {str(k): str(v) for k, v in getattr(image, "text", {}).items() if k not in (XMP_CHUNK, *EXIF_TEXTS)}
    dpi = image.info.get("dpi")
    square = None if dpi is None else (float(dpi[0]), float(dpi[1]))
    xmp, gamma = upright_xmp(image.info.get("xmp")), image.info.get("gamma")
    return Metadata(exif_bytes(image.getexif()), xmp, square, text=texts, gamma=gamma)


def exif_bytes(exif: Exif) -> bytes | None:
    """EXIF without what restoring changes (orientation, size) and without a thumbnail; None where nothing is left."""
    from PIL.Image import Exif

    kept = Exif()
    for code in (code for code in WORDS if code in exif):
        kept[code] = stored(exif[code])
    for code in SUBFOLDERS:
        values = {tag: stored(value) for tag, value in exif.get_ifd(code).items() if tag not in SIZE}
        if values:
            kept.get_ifd(code).update(values)
            kept[code] = kept.get_ifd(code)
    return kept.tobytes() if dict(kept) else None


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """XMP for a picture that has been set upright."""
    return None if xmp is None else TURNED.sub(rb"\g<1>1", xmp)


def turned_by(xmp: bytes | None) -> int:
    """The orientation that XMP names, 1 to 8."""
    found = TURNED.search(xmp or b"")
    return int(found[2]) if found else 1


def stored(text: Any) -> Any:
    """A text of Pillow's as the bytes that it was read from, where it isn't ASCII: Pillow writes question marks."""
    return text.encode(BYTES) if isinstance(text, str) and not text.isascii() else text
