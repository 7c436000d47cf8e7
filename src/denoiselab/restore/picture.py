"""Restoring one picture, whatever its channels and depth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from denoiselab.io import Picture
from denoiselab.networks.padding import Restore
from denoiselab.networks.signature import Signature
from denoiselab.restore.tiles import restore_tiled


def restored_picture(
    restore: Restore,
    picture: Picture,
    signature: Signature,
    channels: int | None,
    tile: int,
    device: torch.device | str,
) -> Picture:
    """A picture -> the same kind of picture restored; only tiles of it are ever float or on the device."""
    fitting = matched(restore, picture.pixels.shape[2], channels)
    pixels = torch.from_numpy(picture.pixels).movedim(-1, 0)[None]
    restored = restore_tiled(lambda part: fitting(part.to(device)), pixels, signature, tile)
    alpha = picture.alpha
    if alpha is not None:
        alpha = alpha.repeat(signature.scale, 0).repeat(signature.scale, 1)
    return replace(picture, pixels=np.ascontiguousarray(restored[0].movedim(0, -1).numpy()), alpha=alpha)


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


def rule(picture: Picture, channels: int | None) -> str:
    """What `matched` does to a picture, in a line; nothing where they fit."""
    rules = {
        (1, 3): "gray pictures: repeated to the network's 3 channels, mean of the three restored",
        (3, 1): "RGB pictures: each channel restored alone, since the network takes 1",
    }
    return "" if channels is None else rules.get((picture.pixels.shape[2], channels), "")
