"""Restoring one picture, whatever its channels and depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.io import Page
from denoiselab.networks.padding import Restore
from denoiselab.networks.signature import Signature
from denoiselab.restore.tiles import TILE, exact, restored_bands

REPEATED = (
    "gray pictures: repeated to the network's 3 channels, mean of the three restored; noise that is the same in "
    "all of them it may take for picture, a gray network doesn't"
)


@dataclass(frozen=True)
class FileDenoiser:
    """What restores a picture.

    function: a float tile `(1, C, h, w)` on the device, integers scaled to [0, 1] -> its restored tile.
    channels: what the network takes, 1 or 3; None takes a picture as it is. See `matched` for the others.
    aux: the layers of an EXR file that the network sees behind the channels, `albedo` and `normal`.
    tile: the side of a tile's own part.
    """

    function: Restore
    signature: Signature
    channels: int | None
    aux: Sequence[str] = ()
    tile: int = TILE

    def __post_init__(self) -> None:
        if self.channels not in (None, 1, 3):
            raise UserError(
                f"the network takes {self.channels} channels; files are restored by networks of 1 or 3 channels"
            )


def restored_page(
    denoiser: FileDenoiser, page: Page, device: torch.device | str
) -> tuple[Page, Iterator[NDArray[Any]]]:
    """A page -> the size it is restored to, and its restored rows from top to bottom, in the same mode and dtype.

    Only tiles of it are ever float or on the device; nothing is read before the rows are asked for.
    """
    signature, aux = denoiser.signature, denoiser.aux
    scale, beside = signature.scale, auxiliary(page, denoiser.channels, aux)
    fitting = denoiser.function if aux else matched(denoiser.function, page.channels, denoiser.channels)

    def read(start: int, stop: int) -> Tensor:
        seen = [page.rows(start, stop)[..., : page.channels], *(layer[start:stop] for layer in beside)]
        return torch.from_numpy(np.concatenate(seen, -1) if aux else seen[0]).movedim(-1, 0)[None]

    def bands() -> Iterator[NDArray[Any]]:
        done, size = 0, (page.height, page.width)
        for band in restored_bands(lambda part: fitting(part.to(device)), read, size, signature, denoiser.tile):
            pixels = band[0].movedim(0, -1).numpy()
            if page.alpha:
                alpha = page.rows(done // scale, -(-(done + len(pixels)) // scale))[..., page.channels :]
                large = alpha.repeat(scale, 0).repeat(scale, 1)[done % scale :][: len(pixels)]
                pixels = np.concatenate([pixels, large], -1)
            done += len(pixels)
            yield pixels

    layers = page.layers if scale == 1 else None
    about = page.about.enlarged(scale)
    return replace(page, height=page.height * scale, width=page.width * scale, layers=layers, about=about), bands()


def auxiliary(page: Page, channels: int | None, aux: Sequence[str]) -> list[NDArray[np.float32]]:
    """The layers of a page that a network asks for, `(H, W, 3)` each.

    Raises:
        UserError: the page has no such layer, or is gray where the network takes RGB.
    """
    if not aux:
        return []
    if page.layers is None or page.channels != channels:
        raise UserError(f"the network takes RGB with the layers {' and '.join(aux)} beside it, of an EXR file")
    return [page.layers.auxiliary(name) for name in aux]


def matched(restore: Restore, has: int, takes: int | None) -> Restore:
    """Fit a network to a picture.

    Gray is repeated for an RGB network and the mean of the three results taken; RGB goes through a gray network
    channel by channel.
    """

    def repeated(part: Tensor) -> Tensor:
        return restore(part.repeat(1, 3, 1, 1)).mean(1, keepdim=True)

    def apart(part: Tensor) -> Tensor:
        return torch.cat([restore(channel) for channel in part.split(1, 1)], 1)

    if takes is None or takes == has:
        return restore
    return repeated if takes == 3 else apart


def rules(page: Page, denoiser: FileDenoiser) -> Iterator[str]:
    """What is done to a picture beside restoring it, a line each."""
    match page.channels, denoiser.channels:
        case 1, 3:
            yield REPEATED
        case 3, 1:
            yield "RGB pictures: each channel restored alone, since the network takes 1"
    if max(page.height, page.width) > denoiser.tile and not exact(denoiser.signature):
        yield f"pictures larger than {denoiser.tile} pixels: in blended tiles, by this network not equal to the whole"
