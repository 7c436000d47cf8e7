"""Networks of other people, by their weights."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.signature import Signature

SAFETENSORS = ".safetensors"


class Published(nn.Module):
    """A network that spandrel knows by its weights, as it calls it: `(N, C, H, W)` -> `(N, C, s·H, s·W)`, in [0, 1].

    Any size; how far it sees isn't known, so that large pictures are restored in tiles that are blended. For restoring
    alone: no gradient goes through.

    file: the weights, tensors alone: what `torch.save` wrote, or safetensors.

    Raises:
        UserError: spandrel isn't installed or doesn't know the weights, or not so many channels.
    """

    def __init__(self, *, in_channels: int, out_channels: int, file: str) -> None:
        super().__init__()
        self.known = recognised(weights_of(Path(file)))
        self.network: nn.Module = self.known.model
        mine = self.known.input_channels, self.known.output_channels
        if mine != (in_channels, out_channels):
            raise UserError(f"{file}: {mine[0]} channels in and {mine[1]} out, not {in_channels} and {out_channels}")
        self.signature = Signature(*mine, scale=self.known.scale)

    def forward(self, x: Tensor) -> Tensor:
        restored: Tensor = self.known(x)
        return restored.clone()  # out of inference mode


def weights_of(file: Path) -> Any:
    """What a file of weights holds, on the CPU; tensors and plain data only, no code."""
    if file.suffix != SAFETENSORS:
        return torch.load(file, map_location="cpu", weights_only=True, mmap=False)
    if find_spec("safetensors") is None:
        raise UserError(f"{file}: pip install 'denoiselab[spandrel]' reads {SAFETENSORS}")
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(file)
    except SafetensorError as error:
        raise ValueError(str(error)) from error


def recognised(weights: Any) -> Any:
    """Spandrel's descriptor of the network that has such weights.

    Raises:
        UserError: spandrel isn't installed, doesn't know them, or it isn't a network from pictures to pictures.
    """
    if find_spec("spandrel") is None:
        raise UserError("pip install 'denoiselab[spandrel]' knows more architectures")
    from spandrel import MAIN_REGISTRY, ImageModelDescriptor, UnsupportedModelError, canonicalize_state_dict

    try:
        known = MAIN_REGISTRY.load(canonicalize_state_dict(dict(weights) if isinstance(weights, Mapping) else {}))
    except (UnsupportedModelError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise UserError("spandrel doesn't know it either") from error
    if not isinstance(known, ImageModelDescriptor) or known.input_channels != known.output_channels:
        raise UserError(f"{known.architecture.name} isn't a network from pictures to pictures")
    return known
