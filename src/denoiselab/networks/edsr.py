"""EDSR: residual blocks at the low resolution, sub-pixel convolution at the end."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Conv2d
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature

FACTORS = {1: (), 2: (2,), 3: (3,), 4: (2, 2), 8: (2, 2, 2)}


class EDSR(nn.Module):
    """Super-resolution: `(N, in_channels, H, W)` -> `(N, out_channels, scale·H, scale·W)`, any size.

    Lim et al. 2017 (arXiv:1707.02921). conv, `depth` blocks x + residual_scale·conv(ReLU(conv(x))), conv, plus the
    first features; then for each factor of the scale a convolution to factor² times the features and a pixel shuffle;
    a last conv. All 3×3 with biases, no BN. Pictures in [0, 1]; nothing is clipped. scale 1 denoises.

    depth, num_features, residual_scale: 16, 64, 1 is the paper's baseline (1.37 M parameters at ×2), 32, 256, 0.1 the
        whole EDSR (40.7 M, 43.7 M and 43.1 M at ×2, ×3 and ×4).
    mean: of the pictures, which the network does not see; one value, or one a channel (the paper's: of DIV2K).
    """

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        scale: int,
        depth: int,
        num_features: int,
        residual_scale: float,
        mean: Sequence[float],
    ) -> None:
        super().__init__()
        if scale not in FACTORS:
            raise UserError(f"scale={scale}: EDSR knows {', '.join(map(str, FACTORS))}")
        if depth < 1 or num_features < 1:
            raise UserError(f"depth={depth}, num_features={num_features}: EDSR needs at least 1 of each")
        if len(mean) not in (1, out_channels):
            raise UserError(f"mean={list(mean)}: one value is needed, or one for each of {out_channels} channels")
        factors = FACTORS[scale]
        self.signature = Signature(in_channels, out_channels, scale=scale, radius=_radius(depth, factors))
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1))
        self.mean: Tensor
        self.head = _conv(in_channels, num_features)
        self.blocks = nn.Sequential(*(_Block(num_features, residual_scale) for _ in range(depth)))
        self.body = _conv(num_features, num_features)
        self.up = nn.ModuleList(_conv(num_features, num_features * factor**2) for factor in factors)
        self.factors = factors
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        channels = self.signature.out_channels
        centred = torch.cat((x[:, :channels] - self.mean, x[:, channels:]), 1)
        first = self.head(centred)
        h = first + self.body(self.blocks(first))
        for conv, factor in zip(self.up, self.factors, strict=True):
            h = F.pixel_shuffle(conv(h), factor)
        out: Tensor = self.tail(h) + self.mean
        return out


class _Block(nn.Module):
    """x + residual_scale·conv(ReLU(conv(x))): small steps keep wide networks stable."""

    def __init__(self, num_features: int, residual_scale: float) -> None:
        super().__init__()
        self.residual_scale = residual_scale
        self.convs = nn.Sequential(_conv(num_features, num_features), nn.ReLU(), _conv(num_features, num_features))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.residual_scale * self.convs(x)
        return out


def _conv(before: int, after: int) -> nn.Conv2d:
    return nn.Conv2d(before, after, 3, padding=1)


def _radius(depth: int, factors: Sequence[int]) -> int:
    """Input pixels to either side of the one that an output pixel lies in."""
    field = Field().conv(3)
    for _ in range(2 * depth + 1):
        field = field.conv(3)
    return field.radius + max(_spread(q, factors) for q in range(prod(factors)))


def _spread(q: int, factors: Sequence[int]) -> int:
    """How far the convolutions after the first shuffle reach from output pixel q, in input pixels."""
    low, high, own = q - 1, q + 1, q
    for i, factor in reversed(list(enumerate(factors))):
        low, high, own = low // factor, high // factor, own // factor
        if i:
            low, high = low - 1, high + 1
    # The convolution before the first shuffle is on the input's grid.
    return max(own - low, high - own) + (1 if factors else 0)
