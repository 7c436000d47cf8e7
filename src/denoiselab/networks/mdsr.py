"""MDSR: one network for several scales."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Conv2d
from denoiselab.networks.signature import Signature
from denoiselab.networks.upscaling import MeanShift, ResidualBlock, check_upscaler, conv, sub_pixel, tail_reach


class MDSR(nn.Module):
    """Super-resolution by any of `scales`: `(N, in_channels, H, W)` -> `(N, out_channels, scale·H, scale·W)`, any size.

    Lim et al. 2017 (arXiv:1707.02921). conv, two residual blocks of 5×5 that each scale has for itself, `depth` blocks
    of 3×3 and a conv that all share, plus what went in; then a scale's own sub-pixel convolution, and a last conv.

    scale: the one by which it enlarges where none is named (`denoise`); a run's method names each batch's.
    depth, num_features: 80, 64 in the paper (8.0 M parameters for ×2, ×3 and ×4); 16, 64 is its baseline.
    residual_scale, mean: as for EDSR.
    """

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        scales: Sequence[int],
        scale: int,
        depth: int,
        num_features: int,
        residual_scale: float,
        mean: Sequence[float],
    ) -> None:
        super().__init__()
        if scale not in scales:
            raise UserError(f"scale={scale}: one of scales={list(scales)} is needed")
        sizes = {"depth": depth, "num_features": num_features}
        for each in scales:
            check_upscaler("MDSR", each, **sizes, mean=len(mean), channels=out_channels)
        radius = 1 + 4 * 2 + 2 * depth + 1 + tail_reach(scale)
        self.signature = Signature(in_channels, out_channels, scale=scale, radius=radius)
        self.shift = MeanShift(mean=mean, channels=out_channels)

        def block(kernel_size: int) -> nn.Module:
            return ResidualBlock(num_features=num_features, kernel_size=kernel_size, residual_scale=residual_scale)

        self.head = conv(in_channels, num_features)
        self.before = nn.ModuleDict({str(each): nn.Sequential(block(5), block(5)) for each in scales})
        self.body = nn.Sequential(*(block(3) for _ in range(depth)), conv(num_features, num_features))
        self.up = nn.ModuleDict({str(each): sub_pixel(num_features, each) for each in scales})
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)

    def forward(self, x: Tensor, scale: int | None = None) -> Tensor:
        key = str(self.signature.scale if scale is None else scale)
        if key not in self.up:
            raise UserError(f"noise.scale={key}: the network knows {', '.join(self.up)}")
        first = self.before[key](self.head(self.shift.taken_off(x)))
        return self.shift.put_back(self.tail(self.up[key](first + self.body(first))))
