"""EDSR: residual blocks at the low resolution, sub-pixel convolution at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

from denoiselab.networks.blocks import Float32Conv2d
from denoiselab.networks.signature import Signature
from denoiselab.networks.upscaling import MeanShift, ResidualBlock, check_upscaler, conv, sub_pixel, tail_reach


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
        sizes = {"depth": depth, "num_features": num_features}
        check_upscaler("EDSR", scale, **sizes, mean=len(mean), channels=out_channels)
        radius = 1 + 2 * depth + 1 + tail_reach(scale)
        self.signature = Signature(in_channels, out_channels, scale=scale, radius=radius)
        self.shift = MeanShift(mean=mean, channels=out_channels)
        block: dict[str, Any] = {"num_features": num_features, "kernel_size": 3, "residual_scale": residual_scale}
        self.head = conv(in_channels, num_features)
        self.blocks = nn.Sequential(*(ResidualBlock(**block) for _ in range(depth)))
        self.body = conv(num_features, num_features)
        self.up = sub_pixel(num_features, scale)
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        first = self.head(self.shift.taken_off(x))
        return self.shift.put_back(self.tail(self.up(first + self.body(self.blocks(first)))))
