"""The U-Net of Noise2Noise."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Conv2d, check_divisor, he
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature

LEVELS = 5
SLOPE = 0.1


class UNet(nn.Module):
    """Encoder and decoder with concatenated skips: `(N, in_channels, H, W)` -> `(N, out_channels, H, W)`.

    Lehtinen et al. 2018 (arXiv:1803.04189), table 2: C = num_features. Two 3×3 convolutions of C at full
    size; five times 2×2 max-pool and a convolution of C; four times nearest upsampling, the pooled map of
    that size, two convolutions of 2·C; at last upsampling, the input itself, convolutions of 64 and 32,
    and a linear one. LeakyReLU 0.1, no BN, He initialisation with zero biases. The output is the picture,
    not a residual; auxiliary channels just join the input. Values may be unbounded (HDR).

    H and W are multiples of 32: the caller pads and crops, since padding within `forward` would fix the
    sizes that an exported network takes. Receptive field 317.

    num_features: 48 in the paper; the 64 and 32 of the last size are fixed.
    """

    def __init__(self, *, in_channels: int, out_channels: int, num_features: int) -> None:
        super().__init__()
        if num_features < 1:
            raise UserError(f"num_features={num_features}: UNet needs at least 1, e.g. 48")
        c, grid = num_features, 2**LEVELS
        self.signature = Signature(in_channels, out_channels, stride=grid, divisor=grid, radius=_field().radius)
        self.full = _convs(in_channels, c, c)
        self.down = nn.ModuleList(_convs(c, c) for _ in range(LEVELS))
        self.up = nn.ModuleList(_convs(below + c, 2 * c, 2 * c) for below in (c, 2 * c, 2 * c, 2 * c))
        self.up.append(_convs(2 * c + in_channels, 64, 32))
        self.tail = Float32Conv2d(32, out_channels, 3, padding=1)
        self._initialise()

    def forward(self, x: Tensor) -> Tensor:
        check_divisor(self, x)
        h = self.full(x)
        kept = [x]
        for layer in self.down:
            h = F.max_pool2d(h, 2)
            kept.append(h)
            h = layer(h)
        for layer, skip in zip(self.up, reversed(kept[:-1]), strict=True):
            h = layer(torch.cat([_double(h), skip], dim=1))
        out: Tensor = self.tail(h)
        return out

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.bias is not None:
                he(module, slope=1.0 if module is self.tail else SLOPE)
                nn.init.zeros_(module.bias)


def _convs(*channels: int) -> nn.Sequential:
    """3×3 convolutions through these numbers of channels, each followed by the LeakyReLU."""
    layers: list[nn.Module] = []
    for before, after in pairwise(channels):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers)


def _double(h: Tensor) -> Tensor:
    return F.interpolate(h, scale_factor=2.0, mode="nearest")


def _field() -> Field:
    field, kept = Field().conv(3).conv(3), [Field()]
    for _ in range(LEVELS):
        field = field.pool(2)
        kept.append(field)
        field = field.conv(3)
    for skip in reversed(kept[:-1]):
        field = field.upsample(2).join(skip).conv(3).conv(3)
    return field.conv(3)
