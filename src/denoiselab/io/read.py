"""Reading a picture at its full depth: PNG, JPEG, BMP and WebP here, TIFF and EXR beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from denoiselab.errors import UserError
from denoiselab.io.exr import EXR, read_exr
from denoiselab.io.metadata import ORIENTATION, metadata_of
from denoiselab.io.picture import GIGAPIXELS, Picture, unstacked, upright

if TYPE_CHECKING:
    from PIL.Image import Image

DEFLATE = 1032
"""The most that Deflate makes of a byte."""
PNG = b"\x89PNG\r\n\x1a\n"
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_picture(path: Path | str) -> Picture:
    """Read a PNG (8 or 16 bit), TIFF (8, 16 bit, float), EXR, JPEG, BMP or WebP, losslessly and upright.

    The content decides how it is decoded, not the name. A palette is read as RGB, 1 bit as 8-bit gray,
    CMYK as sRGB by its profile, or without one by subtraction.
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
        from denoiselab.io.tiff import decode_tiff

        return decode_tiff(data)
    sixteen_bit = data.startswith(PNG) and data[24:25] == b"\x10"
    return decode_png16(data) if sixteen_bit else decode_eight_bit(data)


@contextmanager
def opened(data: bytes) -> Iterator[Image]:
    """Pillow's image, not yet decoded, with the house's limit of size in place of Pillow's 0.18 gigapixels."""
    from PIL import Image, UnidentifiedImageError

    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "BMP", "WEBP", "TIFF")) as image:
            refuse_huge(image.width, image.height)
            if image.format == "PNG":
                refuse_lie(image.width, image.height, len(data))
            frames = getattr(image, "n_frames", 1)
            if frames > 1 and image.format != "MPO":
                raise UserError(f"holds {frames} frames; save each as a picture of its own")
            yield image
    except UnidentifiedImageError as error:  # whose text is an address in memory
        raise ValueError("of no known format") from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def refuse_huge(width: int, height: int, gigapixels: float = GIGAPIXELS) -> None:
    """Refuse a picture by its header, before memory is taken for it."""
    if width * height > gigapixels * 10**9:
        raise UserError(f"{width}x{height} is more than {gigapixels} gigapixels; cut it into smaller pictures")


def refuse_lie(width: int, height: int, size: int) -> None:
    """Refuse a Deflate file of `size` bytes whose header promises more than they can hold, even at 1 bit a pixel."""
    if width * height > 8 * DEFLATE * size:
        raise UserError(f"its header says {width}x{height}, which {size} bytes can't hold; take an intact one")


def decode_eight_bit(data: bytes) -> Picture:
    """Anything that Pillow reads without loss of depth."""
    from PIL import ImageOps

    with opened(data) as image:
        image.load()
        about, icc = metadata_of(image), image.info.get("icc_profile")
        image = ImageOps.exif_transpose(image)
        if image.mode == "CMYK" and icc:
            image, icc = by_profile(image, icc)
        gray = image.mode in ("1", "L", "LA", "La")
        mode = ("L" if gray else "RGB") + ("A" if image.has_transparency_data else "")
        icc = icc if image.mode in (mode, "P") else None
        return unstacked(np.array(image.convert(mode)), gray, icc, about)


def by_profile(image: Image, icc: bytes) -> tuple[Image, bytes]:
    """CMYK -> sRGB and sRGB's profile, by the profile of its inks."""
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    try:
        converted = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(icc)), srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        raise UserError(f"its CMYK profile can't be read ({error}); save it as RGB") from error
    assert converted is not None
    return converted, srgb.tobytes()


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
