"""UDnCNN: the U-shaped DnCNN, with max-pooling and unpooling."""

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


class UDnCNN(nn.Module):
    """DnCNN whose middle layers work on pooled maps: any size, `(N, C, H, W)`.

    Seed 002. Unpooling puts a value back where its cell had its maximum and zeros elsewhere
    (SegNet's); not a U-Net, which upsamples and concatenates. Pictures in [0, 1]; nothing is clipped.

    depth: the middle layers D, even and >= 4. With middle M = D/2, layers k < M: conv BN ReLU, then
        2×2 max-pool. Layers M and M + 1 at the bottom. Layers k > M + 1: (h + kept pooled map) / √2,
        unpool, conv BN ReLU. Weights as in DnCNN; receptive field 5·2^M - 1 (39 at D = 6).
    out_channels: at most in_channels; the correction is added to the first ones of the input.

    Departs from the seed: its middle layers were thrown away (their helper returned nothing), hence
    its 25.78 dB; its last (h + h)/√2 added a tensor to itself; its `BatchNorm2d(C, C)` set eps = C
    (see `initialise`); its middle convolutions had biases, which BN cancels. Odd sizes are pooled to
    the ceiling, so that the last row and column are seen and a side of 1 works.
    """

    def __init__(self, *, in_channels: int, out_channels: int, depth: int, num_features: int, init: Init) -> None:
        super().__init__()
        check_u_shape("UDnCNN", depth=depth)
        check_sizes(
            "UDnCNN", in_channels=in_channels, out_channels=out_channels, depth=depth, num_features=num_features
        )
        self.signature = Signature(in_channels, out_channels, stride=2 ** (depth // 2 - 1), radius=_field(depth).radius)
        self.head = nn.Conv2d(in_channels, num_features, 3, padding=1)
        self.layers = nn.ModuleList(ConvBNReLU(num_features=num_features, dilation=1) for _ in range(depth))
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)
        initialise(self, init, last=self.tail)

    def forward(self, x: Tensor) -> Tensor:
        middle = len(self.layers) // 2
        kept: list[tuple[Tensor, Tensor, Tensor]] = []
        h = F.relu(self.head(x))
        for k, layer in enumerate(self.layers, start=1):
            if k > middle + 1:
                pooled, indices, full = kept.pop()
                h = unpool(join_skip(h, pooled), indices, full)
            h = layer(h)
            if k < middle:
                pooled, indices = F.max_pool2d(h, 2, ceil_mode=True, return_indices=True)
                kept.append((pooled, indices, h))
                h = pooled
        return add_residual(self.tail(h), x)


def unpool(h: Tensor, indices: Tensor, full: Tensor) -> Tensor:
    """Pooled `(N, C, h, w)` -> zeros of `full`'s size with each value at its index.

    `F.max_unpool2d`, but as a scatter, which CUDA runs under deterministic algorithms and which keeps
    bf16 in bf16. Cells don't overlap, so no index comes twice.
    """
    flat = h.new_zeros(full.shape).flatten(2)
    return flat.scatter(2, indices.flatten(2), h.flatten(2)).view(full.shape)


def _field(depth: int) -> Field:
    levels = depth // 2 - 1
    field, kept = Field().conv(3), []
    for _ in range(levels):
        field = field.conv(3).pool(2)
        kept.append(field)
    field = field.conv(3).conv(3)
    for pooled in reversed(kept):
        field = field.join(pooled).upsample(2).conv(3)
    return field.conv(3)
