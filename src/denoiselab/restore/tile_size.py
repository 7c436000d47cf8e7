"""How large tiles should be: by the network's halo, and by the memory that is free."""

from __future__ import annotations

from math import sqrt

import torch

from denoiselab.networks.padding import Restore
from denoiselab.networks.signature import Signature
from denoiselab.restore.memory import free_mebibytes, peak, reset_peak
from denoiselab.restore.tiles import HALO, LEAST, TILE

HALOS = 6
"""Of which size a tile's own part is wanted, in halos: the network then computes 1.8 times the picture's pixels."""
PART, MOST = 0.25, 1024.0
"""How much of the free memory tiles may take, but not more than so many MiB."""
TRIAL, PIXEL = 128, 64 / 2**20
"""A trial tile's own part; and MiB that a pixel is taken to need at the least, whatever the trial says."""


@torch.no_grad()
def tile_size(function: Restore, signature: Signature, channels: int, device: torch.device) -> int:
    """The side of a tile's own part for `function`, by restoring a small trial tile with `channels` on `device`.

    A small halo is no reason for large tiles, which only take memory. Where the system doesn't tell how much there is,
    the halo alone decides.
    """
    if signature.fixed_size is not None:
        return TILE
    halo = HALO if signature.radius is None else signature.radius
    wanted = max(TILE, HALOS * halo)
    free = free_mebibytes(device)
    if free is None:
        return wanted
    side = -(-(TRIAL + 2 * halo) // signature.divisor) * signature.divisor
    trial = torch.rand(1, channels, side, side, device=device)
    before = reset_peak(device)
    function(trial)
    a_pixel = max((peak(device) - before) / side**2, PIXEL)
    fitting = int(sqrt(min(PART * free, MOST) / a_pixel)) - 2 * halo
    return max(LEAST, min(wanted, fitting))
