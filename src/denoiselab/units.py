"""Units: the only place that knows what 255 means.

`sigma` is always a noise level on the 8-bit scale (30 means 30/255); `std` is on the data's own
scale. Photographs in memory are uint8 in [0, 255] or uint16 in [0, 65535]; a network sees float in
[0, 1].
"""

import torch
from torch import Tensor

EIGHT_BIT = 255.0
FULL_SCALE = {torch.uint8: 255.0, torch.uint16: 65535.0}


def std_from_sigma(sigma: float) -> float:
    """Noise level on the 8-bit scale -> standard deviation on [0, 1] data."""
    return sigma / EIGHT_BIT


def to_float(pixels: Tensor) -> Tensor:
    """Stored pixels -> float32: integers scaled to [0, 1], floats as they are."""
    scale = FULL_SCALE.get(pixels.dtype)
    return pixels.float() if scale is None else pixels.float().div_(scale)


def to_uint8(picture: Tensor) -> Tensor:
    """Float picture in [0, 1] -> uint8, clamped and rounded to nearest."""
    return picture.detach().float().clamp(0, 1).mul(EIGHT_BIT).round().to(torch.uint8)
