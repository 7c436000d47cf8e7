"""A trained method made ready to restore: folded, laid out and in the precision that this machine is fastest in."""

from __future__ import annotations

import torch
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.methods import Denoiser, Method
from denoiselab.networks import signature_of
from denoiselab.networks.folding import fold_batch_norm
from denoiselab.networks.padding import Restore
from denoiselab.precision import computes_bfloat16
from denoiselab.units import std_from_sigma

PRECISIONS = ("auto", "bf16-mixed", "32-true")
ROUNDING = std_from_sigma(0.29)
"""The RMS error of rounding to 8 bits, and the most that bfloat16 may add."""


def prepare(method: Method, device: torch.device) -> None:
    """Make a trained method faster in place, the same function to rounding; it can't be trained on afterwards."""
    method.eval().requires_grad_(False).to(device, memory_format=torch.channels_last)
    fold_batch_norm(method.network)


def check_precision(precision: str) -> None:
    """Refuse a precision that isn't known."""
    if precision not in PRECISIONS:
        raise UserError(f"precision={precision}: one of {', '.join(PRECISIONS)} is needed")


def deploy(method: Method, device: torch.device, precision: str, channels: int | None) -> Restore:
    """The method as a function of a float picture `(N, C, H, W)` on the device -> its restored picture in float32.

    The method is changed in place; see `prepare`.

    precision: auto is bfloat16 autocast where the hardware computes in it, the method is one forward pass,
        and a trial picture comes out within the error of 8-bit rounding (RMS) of float32's.
    channels: of the pictures; what more a network takes is auxiliary, and comes behind them.

    Raises:
        UserError: another precision, or a method that answers with no picture.
    """
    check_precision(precision)
    if method.domain is not None:
        name, answers = type(method).__name__, method.domain.name
        raise UserError(f"method: {name} finds {answers}, no picture to restore: evaluate.py measures it")
    prepare(method, device)

    def restore(picture: Tensor, half: bool) -> Tensor:
        laid_out = picture.contiguous(memory_format=torch.channels_last)
        value, aux = laid_out[:, :channels], laid_out[:, channels or laid_out.shape[1] :]
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            return method.restore(Observation(value, aux=aux if aux.shape[1] else None)).mean.float()

    half = precision == "bf16-mixed"
    if precision == "auto" and isinstance(method, Denoiser) and computes_bfloat16(device.type):
        picture = trial(method, channels).to(device)
        half = bool((restore(picture, True) - restore(picture, False)).square().mean().sqrt() < ROUNDING)
    return lambda picture: restore(picture, half)


def trial(method: Denoiser, channels: int | None, side: int = 96) -> Tensor:
    """A smooth picture under noise, `(1, C, side, side)`, of the channels and size that the network takes."""
    signature = signature_of(method.network)
    height, width = signature.fixed_size or (side, side)
    ramp = torch.linspace(0, 1, height)[:, None] * torch.linspace(1, 0.2, width)
    noise = torch.randn(
        signature.in_channels or channels or 3, height, width, generator=torch.Generator().manual_seed(0)
    )
    return (ramp + 0.1 * noise)[None]
