"""Pictures that Pillow decodes without loss of depth, opened within the house's limit of size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from denoiselab.errors import UserError
from denoiselab.io.metadata import metadata_of
from denoiselab.io.picture import GIGAPIXELS, Picture, unstacked

if TYPE_CHECKING:
    from PIL.Image import Image

DEFLATE = 1032
"""The most that Deflate makes of a byte."""


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
