"""Arrays in .npy, .npz and .pt files, pictures of one size among them, read without running any code."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from denoiselab.errors import UserError, memory_is_full

TENSOR_SUFFIXES = (".npy", ".npz", ".pt")


def read_pictures(place: str) -> Tensor:
    """`FILE`, or `FILE#NAME` of an array in it -> `(n, H, W, C)`, C = 1 or 3, uint8 or float32.

    The array is `(n, H, W)`, `(n, C, H, W)` or `(n, H, W, C)`.

    Raises:
        UserError: as of `read_array`, or another shape or type.
    """
    return laid_out(read_array(place), file_of(place))


def read_array(place: str) -> Tensor:
    """`FILE`, or `FILE#NAME` of an array in it. A .pt holds a tensor, or a list or dict of them.

    Raises:
        UserError: no such file or array, or a file that would have to run code.
    """
    file, name = file_of(place), place.partition("#")[2]
    if file.suffix not in TENSOR_SUFFIXES or not file.is_file():
        raise UserError(f"{file}: an existing file ending in {', '.join(TENSOR_SUFFIXES)} is needed")
    try:
        with file.open("rb") as data:
            pt = file.suffix == ".pt"
            content = torch.load(data, "cpu", weights_only=True) if pt else np.load(data, allow_pickle=False)
            return torch.tensor(np.asarray(picked(content, name, file)))
    except Exception as error:  # decoders raise anything at all on a broken file
        if isinstance(error, UserError) or memory_is_full(error):
            raise
        raise UserError(f"{file} can't be read as plain arrays ({plainly(error)})") from error


def plainly(error: Exception) -> str:
    """What was wrong, without torch's advice on how to run a file's code."""
    if isinstance(error, pickle.UnpicklingError):
        return "it needs code to be run"
    return next(iter(str(error).splitlines()), type(error).__name__)


def file_of(place: str) -> Path:
    """The file of `FILE#NAME`."""
    return Path(place.partition("#")[0]).expanduser()


def picked(content: Any, name: str, file: Path) -> Any:
    """The only array of a file, or the one of a name (of a list: a number)."""
    if isinstance(content, np.ndarray | Tensor):
        return content
    keys = {str(key): key for key in (content if hasattr(content, "keys") else range(len(content)))}
    name = next(iter(keys)) if len(keys) == 1 and not name else name
    if name not in keys:
        raise UserError(f"{file}#{name}: name one of its arrays, FILE#NAME (there is: {', '.join(keys)})")
    return content[keys[name]]


def laid_out(array: Tensor, file: Path) -> Tensor:
    """Any accepted layout -> `(n, H, W, C)`."""
    if array.ndim == 3:
        array = array[..., None]
    elif array.ndim == 4 and array.shape[1] in (1, 3):
        array = array.permute(0, 2, 3, 1)
    if array.ndim != 4 or array.shape[3] not in (1, 3) or not len(array):
        raise UserError(
            f"{file} holds {tuple(array.shape)}: (n, H, W), (n, C, H, W) or (n, H, W, C) is needed, C 1 or 3"
        )
    if array.dtype is not torch.uint8 and not array.is_floating_point():
        raise UserError(
            f"{file} holds {str(array.dtype).removeprefix('torch.')}: uint8, or floats in [0, 1] are needed"
        )
    return array if array.dtype is torch.uint8 else array.float()
