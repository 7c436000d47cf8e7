"""Reading a picture at its full depth: PNG, JPEG, BMP and WebP here, TIFF and EXR beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from denoiselab.errors import UserError
from denoiselab.io.eight_bit import decode_eight_bit, opened, refuse_huge
from denoiselab.io.exr import EXR, read_exr
from denoiselab.io.metadata import ORIENTATION, metadata_of
from denoiselab.io.picture import GIGAPIXELS, Picture, unstacked, upright
from denoiselab.io.tiff import decode_tiff

PNG = b"\x89PNG\r\n\x1a\n"
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_picture(path: Path | str) -> Picture:
    """Read a PNG (8 or 16 bit), TIFF (8, 16 bit, float), EXR, JPEG, BMP or WebP, losslessly and upright.

    The content decides how it is decoded, not the name. A palette is read as RGB, 1 bit as 8-bit gray,
    CMYK as sRGB by its profile, or without one by subtraction. Floats are taken as they are, with white = 1: a TIFF
    whose floats reach 255 must be divided by 255 first.
    """
    with named(path):
        with Path(path).open("rb") as file:
            if file.read(4) == EXR:
                return read_exr(Path(path))
        return decoded(Path(path).read_bytes())


def picture_in(data: bytes, name: str, gigapixels: float = GIGAPIXELS) -> Picture:
    """A picture of any format but EXR from a file's bytes; larger ones are refused, by their header but for TIFF."""
    with named(name):
        if not data.startswith(TIFF):
            with opened(data) as image:
                refuse_huge(image.width, image.height, gigapixels)
        picture = decoded(data)
        refuse_huge(picture.pixels.shape[1], picture.pixels.shape[0], gigapixels)
        return picture


@contextmanager
def named(path: Path | str) -> Iterator[None]:
    """Whatever a decoder raises as one line that names the file."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    except Exception as error:  # decoders raise anything at all on a broken file
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
        remedy = "replace it by an intact PNG, TIFF, EXR, JPEG, BMP or WebP file, or remove it"
        raise UserError(f"{path}: can't be read as a picture ({reason}); {remedy}") from error


def decoded(data: bytes) -> Picture:
    """A file's bytes -> a picture."""
    if not data:
        raise ValueError("the file is empty")
    if data.startswith(TIFF):
        return decode_tiff(data)
    sixteen_bit = data.startswith(PNG) and data[24:25] == b"\x10"
    return decode_png16(data) if sixteen_bit else decode_eight_bit(data)


def decode_png16(data: bytes) -> Picture:
    """A 16-bit PNG by OpenCV, since Pillow silently gives 8 bit."""
    import cv2

    with opened(data) as image:
        image.load()  # says what is broken; OpenCV only returns nothing, and warns on stderr
        icc, orientation, about = image.info.get("icc_profile"), image.getexif().get(ORIENTATION, 1), metadata_of(image)
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None:
        raise ValueError("the PNG is broken")
    array = upright(array if array.ndim == 3 else array[..., None], orientation)
    gray = data[25] in (0, 4)
    order = ([0, 3] if gray else [2, 1, 0, 3]) if array.shape[2] == 4 else [0] if gray else [2, 1, 0]
    return unstacked(array[..., order], gray, icc, about)
