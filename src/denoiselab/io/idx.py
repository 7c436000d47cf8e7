"""IDX, the format of MNIST's files: a big-endian header, then bytes."""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path

import torch
from torch import Tensor

from denoiselab.errors import UserError

UNSIGNED_BYTES = 8


def read_idx(file: Path) -> Tensor:
    """A file, gzipped or not, of unsigned bytes -> uint8, of the shape that it states.

    The header is 0, 0, the type, the number of dimensions, and each one's length in 4 bytes.

    Raises:
        UserError: damaged, or of another type.
    """
    try:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{file} can't be read ({error}): fetch it anew") from error
    start = 4 + 4 * content[3] if content[:3] == bytes((0, 0, UNSIGNED_BYTES)) else 0
    shape = [int.from_bytes(content[i : i + 4]) for i in range(4, start, 4)]
    if not start or len(content) != start + prod(shape):
        raise UserError(f"{file} is no whole IDX file of bytes, as MNIST's are: fetch it anew")
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=start).view(shape)
