"""Restoring arrays: NumPy and torch in, the same kind out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from denoiselab.builtin import BUILTIN, for_channels
from denoiselab.errors import UserError
from denoiselab.methods.assembly import input_channels
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint
from denoiselab.networks import signature_of
from denoiselab.networks.padding import Restore
from denoiselab.networks.signature import Signature
from denoiselab.restore.deploy import check_precision, deploy
from denoiselab.restore.picture import REPEATED, matched
from denoiselab.restore.tiles import TILE, restore_tiled

NUMBERS = "integers or floats in the machine's byte order are needed"
LAYOUTS = ("HW", "HWC", "CHW", "NHW", "NHWC", "NCHW")
Array = TypeVar("Array", NDArray[Any], Tensor)


@dataclass(frozen=True, kw_only=True)
class ArrayDenoiser:
    """A trained denoiser as a function of arrays.

    function: a float tile `(1, C, h, w)` in [0, 1] on `device` -> its restored tile.
    channels: what the network takes, auxiliary ones behind the picture's; None takes any. `picture.matched` says how
        gray and RGB fit each other.
    """

    function: Restore
    signature: Signature
    channels: int | None
    device: torch.device

    def __call__(self, noisy: Array, *, layout: str, value_range: tuple[float, float], tile: int = TILE) -> Array:
        """A NumPy array or tensor -> restored: the same kind, dtype, layout, range and device.

        layout: the meaning of the axes, one of `LAYOUTS`; N pictures are restored one by one.
        value_range: the values of black and white: (0, 255), (0, 65535), (0, 1), (-1, 1). Integers come out within
            it and rounded, floats as they are.
        tile: the side of a tile; a larger picture is restored in tiles, only one of them on `device` at a time.

        Raises:
            UserError: axes, channels, a dtype or a range that don't fit.
        """
        check_kind(noisy)
        given = as_tensor(noisy)
        check_array(given, layout, value_range, self.channels)
        low, high = value_range
        if self.channels == 3 and ("C" not in layout or given.shape[layout.index("C")] == 1):
            warnings.warn(REPEATED, stacklevel=2)
        pictures = in_order(given, layout).to(torch.float32, copy=True).sub_(low).div_(high - low)
        fitting = matched(self.function, pictures.shape[1], self.channels)
        restored = torch.cat([
            restore_tiled(lambda part: fitting(part.to(self.device)), picture, self.signature, tile)
            for picture in pictures.split(1)
        ])  # fmt: skip
        values = restored.mul_(high - low).add_(low)
        if not given.is_floating_point():
            values = values.clamp_(low, high).round_()
        result = out_of_order(values, layout).to(given.dtype)
        return result if isinstance(noisy, Tensor) else result.numpy()


class ByChannels:
    """The package's networks for white noise as one function of arrays: gray by the gray one, RGB by the other."""

    def __init__(self, ready: Callable[[str], ArrayDenoiser]) -> None:
        self.ready = cache(ready)

    def __call__(self, noisy: Array, *, layout: str, value_range: tuple[float, float], tile: int = TILE) -> Array:
        """As `ArrayDenoiser`."""
        check_kind(noisy)
        gray = "C" not in layout or noisy.ndim != len(layout) or noisy.shape[layout.index("C")] == 1
        return self.ready(for_channels(1 if gray else 3))(noisy, layout=layout, value_range=value_range, tile=tile)


def check_kind(noisy: object) -> None:
    """Refuse what is no array."""
    if not isinstance(noisy, np.ndarray | Tensor):
        raise UserError(f"{type(noisy).__name__}: a NumPy array or a tensor is needed, numpy.asarray(picture)")


def as_tensor(noisy: NDArray[Any] | Tensor) -> Tensor:
    """The same values; refused where torch has no such type."""
    try:
        return torch.as_tensor(
            noisy.detach() if isinstance(noisy, Tensor) else np.require(noisy, requirements=["C", "W"])
        )
    except (TypeError, ValueError) as error:
        raise UserError(f"{noisy.dtype} values: {NUMBERS}") from error


def extremes(given: Tensor) -> tuple[float, float]:
    """The smallest and the largest value, NaN where one is."""
    wide = {torch.uint16: torch.int32, torch.uint32: torch.int64, torch.uint64: torch.float64}
    low, high = given.to(wide.get(given.dtype, given.dtype)).aminmax()
    return float(low), float(high)


def check_array(given: Tensor, layout: str, value_range: tuple[float, float], channels: int | None) -> None:
    """Refuse what could only be restored wrongly."""
    if layout not in LAYOUTS or given.ndim != len(layout):
        raise UserError(f"layout={layout} for shape {tuple(given.shape)}: one of {', '.join(LAYOUTS)} is needed")
    if given.numel() == 0:
        raise UserError(f"shape {tuple(given.shape)} holds no pixels")
    has = given.shape[layout.index("C")] if "C" in layout else 1
    if has != channels and not (channels in (None, 1, 3) and has in (1, 3)):
        raise UserError(f"{has} channels in layout={layout}: the network takes {channels or '1 or 3'}")
    if given.dtype is torch.bool or given.is_complex():
        raise UserError(f"{str(given.dtype).removeprefix('torch.')} values: {NUMBERS}")
    if not isinstance(value_range, Sequence) or len(value_range) != 2 or not value_range[0] < value_range[1]:
        raise UserError(f"value_range={value_range}: (black, white) is needed, e.g. (0, 255)")
    low, high = value_range
    seen = extremes(given)
    if not all(map(isfinite, seen)):
        raise UserError("values that are no numbers, or infinite: replace them first, they would spread")
    if given.is_floating_point() and (low, high) == (0, 255) and 0 < seen[1] <= 1:
        raise UserError(f"floats from {seen[0]:g} to {seen[1]:g} in value_range=(0, 255): they look like (0, 1)")
    if given.is_floating_point() and (low, high) == (0, 1) and seen[1] > 1 and bool((given == given.round()).all()):
        raise UserError(f"whole numbers from {seen[0]:g} to {seen[1]:g} in value_range=(0, 1): they look like (0, 255)")
    if not given.is_floating_point() and not low <= seen[0] <= seen[1] <= high:
        raise UserError(f"values from {seen[0]:g} to {seen[1]:g} are outside of value_range={value_range}")


def in_order(given: Tensor, layout: str) -> Tensor:
    """Any layout -> `(N, C, H, W)`."""
    axes = [layout.index(axis) for axis in "NCHW" if axis in layout]
    pictures = given.permute(axes)
    pictures = pictures if "C" in layout else pictures.unsqueeze(-3)
    return pictures if "N" in layout else pictures[None]


def out_of_order(pictures: Tensor, layout: str) -> Tensor:
    """`(N, C, H, W)` -> a layout."""
    pictures = pictures if "N" in layout else pictures[0]
    pictures = pictures if "C" in layout else pictures.squeeze(-3)
    present = [axis for axis in "NCHW" if axis in layout]
    return pictures.permute([present.index(axis) for axis in layout]).contiguous()


def load(ckpt: str | Path, *, device: str, precision: str, trust: bool) -> ArrayDenoiser | ByChannels:
    """See `denoiselab.load`."""
    place = find_device(device)
    check_precision(precision)
    if ckpt == BUILTIN:
        return ByChannels(lambda name: one(name, place, precision, trust=trust))
    return one(ckpt, place, precision, trust=trust)


def one(ckpt: str | Path, place: torch.device, precision: str, *, trust: bool) -> ArrayDenoiser:
    """A single checkpoint, made ready on a device."""
    method, config = load_method(read_checkpoint(find_checkpoint(ckpt)), trust=trust)
    return ArrayDenoiser(
        function=deploy(method, place, precision, config["data"].get("channels")),
        signature=signature_of(method.network),
        channels=input_channels(config["data"]),
        device=place,
    )


def find_device(name: str) -> torch.device:
    """A device by its name; auto is the GPU where there is one.

    Raises:
        UserError: there is no such device.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise UserError(f"device={name}: there is none here; take cpu, cuda or auto") from error
    return device
