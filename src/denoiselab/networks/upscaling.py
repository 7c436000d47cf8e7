"""What the networks of Lim et al. 2017 (arXiv:1707.02921) share: residual blocks, sub-pixel convolution, the mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn

from denoiselab.errors import UserError

FACTORS = {1: (), 2: (2,), 3: (3,), 4: (2, 2), 8: (2, 2, 2)}
"""The steps in which pictures are made larger, by scale."""


class ResidualBlock(nn.Module):
    """x + residual_scale·conv(ReLU(conv(x))): small steps keep wide networks stable."""

    def __init__(self, *, num_features: int, kernel_size: int, residual_scale: float) -> None:
        super().__init__()
        self.residual_scale = residual_scale
        first, second = (conv(num_features, num_features, kernel_size) for _ in range(2))
        self.convs = nn.Sequential(first, nn.ReLU(), second)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.residual_scale * self.convs(x)
        return out


class MeanShift(nn.Module):
    """The mean of the pictures, which a network needn't carry from end to end.

    mean: one value, or one a channel; channels: of the pictures. Auxiliary ones behind them stay as they are.
    """

    def __init__(self, *, mean: Sequence[float], channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1))
        self.mean: Tensor

    def taken_off(self, x: Tensor) -> Tensor:
        """`(N, in_channels, H, W)` -> the same, its pictures about 0."""
        return torch.cat((x[:, : self.channels] - self.mean, x[:, self.channels :]), 1)

    def put_back(self, picture: Tensor) -> Tensor:
        """`(N, channels, H, W)` about 0 -> a picture."""
        return picture + self.mean


def conv(before: int, after: int, kernel_size: int = 3) -> nn.Conv2d:
    """A convolution that keeps the size."""
    return nn.Conv2d(before, after, kernel_size, padding=kernel_size // 2)


def sub_pixel(num_features: int, scale: int) -> nn.Sequential:
    """`(N, C, H, W)` -> `(N, C, scale·H, scale·W)`: convolutions to factor² times the features, then a pixel shuffle.

    Shi et al. 2016, arXiv:1609.05158.
    """
    steps = [(conv(num_features, num_features * f**2), nn.PixelShuffle(f)) for f in FACTORS[scale]]
    return nn.Sequential(*(layer for step in steps for layer in step))


def check_upscaler(name: str, scale: int, *, depth: int, num_features: int, mean: int, channels: int) -> None:
    """Refuse what no network of the kind can be built of; mean: how many values it has."""
    if scale not in FACTORS:
        raise UserError(f"scale={scale}: {name} knows {', '.join(map(str, FACTORS))}")
    if depth < 1 or num_features < 1:
        raise UserError(f"depth={depth}, num_features={num_features}: {name} needs at least 1 of each")
    if mean not in (1, channels):
        raise UserError(f"mean={mean} values: one is needed, or one for each of {channels} channels")


def tail_reach(scale: int) -> int:
    """How far `sub_pixel` and a 3×3 convolution behind it reach from an output pixel, in input pixels."""
    factors = FACTORS[scale]
    return max(_spread(q, factors) for q in range(prod(factors)))


def _spread(q: int, factors: tuple[int, ...]) -> int:
    """How far the convolutions after the first shuffle reach from output pixel q, in input pixels."""
    low, high, own = q - 1, q + 1, q
    for i, factor in reversed(list(enumerate(factors))):
        low, high, own = low // factor, high // factor, own // factor
        if i:
            low, high = low - 1, high + 1
    # The convolution before the first shuffle is on the input's grid.
    return max(own - low, high - own) + (1 if factors else 0)
