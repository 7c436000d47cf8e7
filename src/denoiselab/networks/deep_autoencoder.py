"""A small convolutional autoencoder without a bottleneck in space: seed 003's."""

from __future__ import annotations

from typing import Literal, get_args

from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32ConvTranspose2d
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature

Norm = Literal["none", "inner", "all"]
Start = Literal["default", "default_positive", "xavier", "xavier_positive", "zeros"]
WIDTHS = (1, 1, 2, 4, 8)
"""Of the encoder's maps, in num_features; the decoder has them in reverse."""
POOLED = 2
"""Convolutions before the pooling."""


class DeepAutoencoder(nn.Module):
    """Five 2×2 convolutions and their transposes: `(N, in_channels, H, W)` -> `(N, out_channels, H, W)`, any size.

    Seed 003: stride 1 and padding 1, so that each convolution adds a row and a column (32 -> 37) and each transpose
    takes them away again; ReLU between them but for the end of the encoder, which has none. The output is the
    picture, not a residual, and is not clipped. Receptive field 11; 19 with pooling.

    num_features: of the first map, 64 in the seed (64, 64, 128, 256, 512).
    norm: where batch normalisation follows: `none`; `inner`, the maps of 2 and 4 times num_features, as in the seed;
        `all`, every layer but the last.
    pool: whether 2×2 max-pooling follows the second convolution. The seed tried it and doesn't say where; here the
        map is enlarged again, pixels repeated, before the mirrored layer.
    init: `default`, as torch draws them; `xavier`, weights uniform by Glorot and Bengio 2010; `zeros`, weights and
        biases; `_positive`, weights and biases below 0 set to 0. The seed's best is `xavier_positive`; so drawn, the
        output starts hundreds of times too large: three layers of positive weights follow the last normalisation.
    """

    def __init__(
        self, *, in_channels: int, out_channels: int, num_features: int, norm: Norm, pool: bool, init: Start
    ) -> None:
        super().__init__()
        if num_features < 1:
            raise UserError(f"num_features={num_features}: DeepAutoencoder needs at least 1, e.g. 64")
        if init not in get_args(Start):
            raise UserError(f"init={init}: one of {', '.join(get_args(Start))} is needed")
        radius, stride = _field(pool).radius, 2 if pool else 1
        self.signature = Signature(in_channels, out_channels, stride=stride, radius=radius)
        self.pool = pool
        widths = [num_features * width for width in WIDTHS]
        channels = [in_channels, *widths, *widths[-2::-1], out_channels]
        normed = {"none": (), "inner": (2, 3, 5, 6), "all": range(9)}[norm]
        self.layers = nn.ModuleList(
            _layer(i, channels[i], channels[i + 1], normed=i in normed, relu=i not in (4, 9)) for i in range(10)
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                initialise(module, init)

    def forward(self, x: Tensor) -> Tensor:
        kept = x.shape
        for i, layer in enumerate(self.layers):
            if self.pool and i == POOLED:
                kept, x = x.shape, F.max_pool2d(x, 2, ceil_mode=True)
            if self.pool and i == len(self.layers) - POOLED:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")[..., : kept[2], : kept[3]]
            x = layer(x)
        return x


def initialise(conv: nn.Conv2d | nn.ConvTranspose2d, init: Start) -> None:
    """Draw a layer's weights and biases."""
    parameters = [conv.weight, *([] if conv.bias is None else [conv.bias])]
    if init.startswith("xavier"):
        nn.init.xavier_uniform_(conv.weight)
    for parameter in parameters:
        if init == "zeros":
            nn.init.zeros_(parameter)
        if init.endswith("_positive"):
            parameter.data.clamp_(min=0)


def _layer(number: int, before: int, after: int, *, normed: bool, relu: bool) -> nn.Sequential:
    kind: type[nn.Conv2d] | type[nn.ConvTranspose2d] = nn.Conv2d if number < 5 else nn.ConvTranspose2d
    if number == 9:
        kind = Float32ConvTranspose2d
    layers: list[nn.Module] = [kind(before, after, 2, padding=1, bias=not normed)]
    layers += [nn.BatchNorm2d(after)] if normed else []
    return nn.Sequential(*layers, *([nn.ReLU()] if relu else []))


def _field(pool: bool) -> Field:
    field = Field()
    for i in range(10):
        if pool and i == POOLED:
            field = field.pool(2)
        if pool and i == 10 - POOLED:
            field = field.upsample(2)
        field = field.taps(1, 0) if i < 5 else field.taps(0, 1)
    return field
