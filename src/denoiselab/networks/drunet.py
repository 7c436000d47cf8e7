"""DRUNet without a noise level: a U-shaped network of residual blocks, free of biases."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Conv2d, add_residual, check_divisor
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature

SMALL, SLOPE = 0.2, 0.1
"""The gain of the blocks and of the last layer: at first they change little. The slope of its activation below 0."""


class Block(nn.Module):
    """x + conv(LeakyReLU(conv(x))): `(N, C, H, W)` -> `(N, C, H, W)`."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.last = (nn.Conv2d(channels, channels, 3, padding=1, bias=False) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.last(F.leaky_relu(self.first(x), SLOPE))
        return out


class DRUNet(nn.Module):
    """x + a U-net of residual blocks: `(N, in_channels, H, W)` -> `(N, out_channels, H, W)`.

    After Zhang et al. 2021 (arXiv:2008.13751): on the way down `blocks` residual blocks and a 2×2 convolution of stride
    2 at every size, on the way up a 2×2 transposed one, after which the map of that size from before the way down is
    added, and residual blocks; 3×3 convolutions into and out of it. No bias and no normalisation: k times the input
    gives k times the output, so that it does for noise levels that it never saw (Mohan et al. 2020, arXiv:1906.05478).
    Pictures in [0, 1]; nothing is clipped.

    H and W are multiples of 2 to the number of ways down; the caller pads and crops.

    widths: the channels at full size, at half, and so on; the paper's are 64, 128, 256, 512, with 4 blocks.

    Departs from the paper's, which adds what came out of the strided convolution before the transposed one; no map of
    the noise level beside the picture, since it is to be blind; it writes what to add to the noisy picture; of the
    orthogonal initialisation the ways between the sizes have a gain of 1, so that from the first step on all sizes are
    heard; a leaky ReLU, since under Muon ReLUs die: of the 128 units in each block at the coarsest size none was alive
    after 8 000 steps.
    """

    def __init__(self, *, in_channels: int, out_channels: int, widths: Sequence[int], blocks: int) -> None:
        super().__init__()
        if not widths or min(widths) < 1 or blocks < 1:
            raise UserError(
                f"widths={list(widths)}, blocks={blocks}: DRUNet needs at least one each, e.g. [16, 32, 64, 128] and 2"
            )
        if not 1 <= out_channels <= in_channels:
            raise UserError(f"out_channels={out_channels}: DRUNet adds to its input, so 1 to in_channels={in_channels}")
        grid, steps = 2 ** (len(widths) - 1), list(pairwise(widths))
        radius = _field(len(steps), 2 * blocks).radius
        self.signature = Signature(in_channels, out_channels, stride=grid, divisor=grid, radius=radius)
        self.head = nn.Conv2d(in_channels, widths[0], 3, padding=1, bias=False)
        self.before = nn.ModuleList(_blocks(width, blocks) for width in widths[:-1])
        self.down = nn.ModuleList(nn.Conv2d(fine, coarse, 2, 2, bias=False) for fine, coarse in steps)
        self.bottom = _blocks(widths[-1], blocks)
        self.up = nn.ModuleList(nn.ConvTranspose2d(coarse, fine, 2, 2, bias=False) for fine, coarse in steps)
        self.after = nn.ModuleList(_blocks(width, blocks) for width in widths[:-1])
        self.tail = Float32Conv2d(widths[0], out_channels, 3, padding=1, bias=False)
        self._initialise()

    def forward(self, x: Tensor) -> Tensor:
        check_divisor(self, x)
        h, kept = self.head(x), []
        for blocks, down in zip(self.before, self.down, strict=True):
            h = blocks(h)
            kept.append(h)
            h = down(h)
        h = self.bottom(h)
        for blocks, up in zip(reversed(self.after), reversed(self.up), strict=True):
            h = blocks(up(h) + kept.pop())
        return add_residual(self.tail(h), x)

    def _initialise(self) -> None:
        ways = {self.head, *self.down, *self.up}
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.orthogonal_(module.weight, gain=1.0 if module in ways else SMALL)


def _blocks(channels: int, number: int) -> nn.Sequential:
    return nn.Sequential(*(Block(channels) for _ in range(number)))


def _field(ways: int, convs: int) -> Field:
    """Of so many ways down, with so many 3×3 convolutions at every size, down and up."""

    def through(field: Field) -> Field:
        for _ in range(convs):
            field = field.conv(3)
        return field

    field, kept = Field().conv(3), []
    for _ in range(ways):
        field = through(field)
        kept.append(field)
        field = field.pool(2)
    field = through(field)
    for skip in reversed(kept):
        field = through(field.upsample(2).join(skip))
    return field.conv(3)
