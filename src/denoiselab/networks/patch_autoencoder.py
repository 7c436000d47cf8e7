"""One tied layer with a linear decoder, for patches of real values."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import check_fixed_size
from denoiselab.networks.signature import Signature


class PatchAutoencoder(nn.Module):
    """x' = Wᵀ s(W x + b) + c, s the logistic sigmoid: patches `(N, C, side, side)` -> the same.

    Vincent et al. 2010 (JMLR 11), section on natural image patches, whose values are real: so the decoder is linear and
    the loss squared, unlike a layer of `StackedAutoencoder`. The rows of `weight` are its filters. W by Glorot and
    Bengio (2010), b = c = 0.

    num_features: hidden units, rows of `weight` `(num_features, C·side²)`.
    """

    def __init__(self, *, in_channels: int, out_channels: int, side: int, num_features: int) -> None:
        super().__init__()
        for key, value in {"side": side, "num_features": num_features}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        if in_channels != out_channels:
            raise UserError(f"out_channels={out_channels}: the weights are tied, so as in_channels={in_channels}")
        self.signature = Signature(in_channels, out_channels, fixed_size=(side, side))
        self.shape = (in_channels, side, side)
        self.weight = nn.Parameter(torch.empty(num_features, math.prod(self.shape)))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.back = nn.Parameter(torch.zeros(math.prod(self.shape)))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        h = F.linear(x.flatten(1), self.weight, self.bias).sigmoid()
        with torch.autocast(x.device.type, enabled=False):
            out: Tensor = F.linear(h.to(self.weight.dtype), self.weight.T, self.back).unflatten(1, self.shape)
        return out
