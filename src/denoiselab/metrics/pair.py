"""What every metric asks of its two arguments."""

import torch
from torch import Tensor

from denoiselab.errors import UserError


def exact(restored: Tensor, clean: Tensor) -> tuple[Tensor, Tensor]:
    """Two float tensors of one shape `(N, ...)`, in double precision.

    Double, because half precision holds a [0, 1] picture to about 61 dB only and because cuDNN
    convolves float32 as TF32; it is also what autocast leaves alone. MPS has none: float32 there.
    """
    if restored.shape != clean.shape:
        raise UserError(
            f"restored {tuple(restored.shape)} and clean {tuple(clean.shape)} differ in shape: "
            "the network must give the clean picture's channels (model.out_channels) and size (its scale)"
        )
    if not (restored.is_floating_point() and clean.is_floating_point()):
        raise ValueError(f"metrics compare floats, not {restored.dtype} with {clean.dtype}: use units.to_float")
    dtype = torch.float32 if clean.device.type == "mps" else torch.float64
    return restored.to(dtype), clean.to(dtype)
