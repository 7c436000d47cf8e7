"""Writing 16-bit PNG with any channels: Pillow writes 8 bit only, OpenCV no gray with alpha."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from denoiselab.io.picture import Picture

COLOUR_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
SUB = 1
INCH = 0.0254


def encode_png16(picture: Picture) -> bytes:
    """A uint16 picture as PNG (ISO/IEC 15948), each row filtered by its left neighbour."""
    height, width, channels = picture.stacked.shape
    header = struct.pack(">IIBBBBB", width, height, 16, COLOUR_TYPE[channels], 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header)]
    if picture.icc:
        parts.append(chunk(b"iCCP", b"icc\0\0" + zlib.compress(picture.icc)))
    if picture.about.gamma is not None:
        parts.append(chunk(*picture.about.png_gamma(picture.about.gamma)))
    if picture.about.dpi:
        per_metre = (round(dots / INCH) for dots in picture.about.dpi)
        parts.append(chunk(b"pHYs", struct.pack(">IIB", *per_metre, 1)))
    if picture.about.exif:
        parts.append(chunk(b"eXIf", picture.about.exif.removeprefix(b"Exif\0\0")))
    for name, text in picture.about.texts().items():
        parts.append(chunk(b"iTXt", name.encode("latin-1") + b"\0" * 5 + text.encode()))
    return b"".join([*parts, chunk(b"IDAT", zlib.compress(rows(picture), 4)), chunk(b"IEND", b"")])


def rows(picture: Picture) -> bytes:
    """Every row: the filter's number, then big-endian bytes minus those of the pixel to the left, modulo 256."""
    array = picture.stacked
    height, _, channels = array.shape
    raw = array.astype(">u2").reshape(height, -1).view(np.uint8)
    out = np.empty((height, raw.shape[1] + 1), np.uint8)
    out[:, 0], out[:, 1:] = SUB, raw
    out[:, 1 + 2 * channels :] -= raw[:, : -2 * channels]
    return out.tobytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Length, kind, data and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
