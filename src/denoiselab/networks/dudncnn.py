"""DUDnCNN: the U-shaped DnCNN, dilated instead of pooled."""

from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.networks.blocks import (
    ConvBNReLU,
    Float32Conv2d,
    Init,
    add_residual,
    check_sizes,
    check_u_shape,
    initialise,
    join_skip,
)
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature


class DUDnCNN(nn.Module):
    """DnCNN with dilations that double to the middle, and skips: any size, `(N, C, H, W)`.

    Seed 002. The convolutions and skips of a UDnCNN, but every map at full size, so nothing of
    the position is lost. Pictures in [0, 1]; nothing is clipped.

    depth: the middle layers D, even and >= 4. With middle M = D/2, layers k < M are kept; layers
        k > M + 1 take (h + kept) / √2 of their mirror D - k + 1. Dilations at D = 6: 1 2 4 4 2 1.
        The receptive field is 2^(M + 2) + 1 (33 at D = 6; the seed's formula 2^(M + 1) + 5 is wrong).
    out_channels: at most in_channels; the correction is added to the first ones of the input.

    Departs from the seed: its last (h + h)/√2 added a tensor to itself, its `BatchNorm2d(C, C)` set
    eps = C (see `initialise`), and its middle convolutions had biases, which BN cancels.
    """

    def __init__(self, *, in_channels: int, out_channels: int, depth: int, num_features: int, init: Init) -> None:
        super().__init__()
        check_u_shape("DUDnCNN", depth=depth)
        check_sizes(
            "DUDnCNN", in_channels=in_channels, out_channels=out_channels, depth=depth, num_features=num_features
        )
        self.signature = Signature(in_channels, out_channels, radius=_field(depth).radius)
        self.head = nn.Conv2d(in_channels, num_features, 3, padding=1)
        self.layers = nn.ModuleList(ConvBNReLU(num_features=num_features, dilation=d) for d in dilations(depth))
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)
        initialise(self, init, last=self.tail)

    def forward(self, x: Tensor) -> Tensor:
        middle = len(self.layers) // 2
        kept: list[Tensor] = []
        h = F.relu(self.head(x))
        for k, layer in enumerate(self.layers, start=1):
            h = layer(join_skip(h, kept.pop()) if k > middle + 1 else h)
            if k < middle:
                kept.append(h)
        return add_residual(self.tail(h), x)


def dilations(depth: int) -> list[int]:
    """2^(min(i, D/2 - 1) - max(0, i - D/2)) of the middle layers i = 0 … D - 1."""
    middle = depth // 2
    return [2 ** (min(i, middle - 1) - max(0, i - middle)) for i in range(depth)]


def _field(depth: int) -> Field:
    """A skip's field lies within that of the path it joins, so the path alone counts."""
    field = Field().conv(3)
    for dilation in dilations(depth):
        field = field.conv(3, dilation)
    return field.conv(3)
