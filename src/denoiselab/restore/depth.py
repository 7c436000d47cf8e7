"""Between stored pixels of any depth and what a network sees, tile by tile."""

from __future__ import annotations

import torch
from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.units import FULL_SCALE, to_float


def to_network(pixels: Tensor) -> Tensor:
    """Integers -> float32 in [0, 1]; floats stay as they are, in their own precision."""
    return pixels if pixels.is_floating_point() else to_float(pixels)


def to_depth(restored: Tensor, dtype: torch.dtype) -> Tensor:
    """Floats -> clamped to [0, 1] and rounded to an integer dtype; to a float dtype unclamped."""
    scale = FULL_SCALE.get(dtype)
    if scale is None:
        return restored.to(dtype)
    if not restored.isfinite().all():
        raise UserError("the network's output isn't finite; take another checkpoint, or restore in float32")
    return restored.float().clamp(0, 1).mul(scale).round().to(dtype)
