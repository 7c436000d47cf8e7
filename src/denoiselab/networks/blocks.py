"""What several architectures share: layers, the residual sum and initialisations."""

import math
from collections.abc import Sequence
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.signature import signature_of

Init = Literal["default", "he", "he_gain", "zero_last"]


class ConvBNReLU(nn.Module):
    """3×3 convolution, batch normalisation, ReLU: `(N, C, H, W)` -> `(N, C, H, W)`.

    The convolution has no bias: the normalisation would subtract it again.
    """

    def __init__(self, *, num_features: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(num_features, num_features, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(num_features)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)))


class Float32Conv2d(nn.Conv2d):
    """A convolution that autocast leaves alone: it runs in the dtype of its weight.

    bf16 holds a [0, 1] picture to 61 dB only, so the layer that writes the picture stays in float32
    (and in a float64 network in float64).
    """

    def forward(self, input: Tensor) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.to(self.weight.dtype))


class Float32ConvTranspose2d(nn.ConvTranspose2d):
    """A transposed convolution that writes the picture, in the dtype of its weight: see `Float32Conv2d`."""

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.to(self.weight.dtype), output_size)


class Float32Linear(nn.Linear):
    """A dense layer that writes the picture, in the dtype of its weight: see `Float32Conv2d`."""

    def forward(self, input: Tensor) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.to(self.weight.dtype))


def chain(
    kind: type[nn.Conv2d] | type[nn.ConvTranspose2d], channels: Sequence[int], layers: Sequence[tuple[int, int]]
) -> list[nn.Module]:
    """Convolutions of one kind through these numbers of channels, with a ReLU between each two.

    layers: kernel size and stride; nothing is padded.
    """
    chained: list[nn.Module] = []
    for before, after, (kernel_size, stride) in zip(channels[:-1], channels[1:], layers, strict=True):
        chained += [nn.ReLU(), kind(before, after, kernel_size, stride)]
    return chained[1:]


def join_skip(h: Tensor, kept: Tensor) -> Tensor:
    """(h + kept) / √2: the sum of two maps of equal, independent variance keeps that variance."""
    return (h + kept) / math.sqrt(2)


def add_residual(correction: Tensor, x: Tensor) -> Tensor:
    """The correction plus x, `(N, out_channels, H, W)`, never in less than float32 under autocast.

    Where the input has more channels than the output (auxiliary ones: albedo, a noise map), the
    picture is its first `out_channels` channels.
    """
    return correction + x[:, : correction.shape[1]]


def he(conv: nn.Conv2d, *, slope: float) -> None:
    """Normal weights of variance 2 / ((1 + slope²)·fan_in) (He et al. 2015, arXiv:1502.01852).

    slope: of the leaky ReLU that follows; 0 is a ReLU, 1 no activation.
    """
    nn.init.kaiming_normal_(conv.weight, a=slope)


def initialise(network: nn.Module, init: Init, *, last: nn.Conv2d) -> None:
    """Draw the weights of a residual ReLU network; an axis of study.

    default: as torch draws them.
    he: `he` for every convolution but `last`, which keeps torch's.
    he_gain: `he`, and a BN gain of 1.25·√C. That is seed 002's, whose `BatchNorm2d(C, C)` also set
        eps = C: it divided by √(var + C), so for var << C the layer was a plain gain of 1.25. Here eps
        is the usual 1e-5 and the gain acts in full: in training every layer leaves with a std near
        1.25·√C, and in eval before any training (running variance 1) the gains multiply.
    zero_last: `he`, and `last` zero, so that the network starts as the identity. Not in the seed.
    """
    if init not in get_args(Init):
        raise UserError(f"init={init}: one of {', '.join(get_args(Init))} is needed")
    for module in network.modules() if init != "default" else ():
        if isinstance(module, nn.Conv2d) and module is not last:
            he(module, slope=0.0)
        if isinstance(module, nn.BatchNorm2d) and init == "he_gain":
            nn.init.constant_(module.weight, 1.25 * math.sqrt(module.num_features))
    if init == "zero_last":
        for parameter in last.parameters():
            nn.init.zeros_(parameter)


def check_sizes(name: str, *, in_channels: int, out_channels: int, depth: int, num_features: int) -> None:
    """Refuse the sizes with which no residual network of any depth can be built."""
    if depth < 0:
        raise UserError(f"depth={depth}: {name} needs a depth of at least 0, e.g. 6")
    if num_features < 1:
        raise UserError(f"num_features={num_features}: {name} needs at least 1, e.g. 64")
    if not 1 <= out_channels <= in_channels:
        raise UserError(f"out_channels={out_channels}: {name} adds to its input, so 1 to in_channels={in_channels}")


def check_u_shape(name: str, *, depth: int) -> None:
    """Refuse a depth that has no way down, bottom and way up."""
    if depth < 4 or depth % 2:
        raise UserError(f"depth={depth}: {name} needs an even depth of at least 4, e.g. 4, 6, 8")


def check_fixed_size(network: nn.Module, x: Tensor) -> None:
    """Refuse pictures of another size than the only one that a network's signature allows, if it allows one only."""
    size, given = signature_of(network).fixed_size, tuple(x.shape[-2:])
    if size not in (None, given):
        said, takes = ("×".join(map(str, sides)) for sides in (given, size))
        name = type(network).__name__
        raise UserError(f"input of {said}: {name} takes {takes} only: cut them, or set the size of the model")


def check_divisor(network: nn.Module, x: Tensor) -> None:
    """Refuse pictures whose height or width isn't a multiple of what a network's signature says."""
    (height, width), divisor = x.shape[-2:], signature_of(network).divisor
    if height % divisor or width % divisor:
        name = type(network).__name__
        raise UserError(f"input of {height}×{width}: {name} takes multiples of {divisor}; pad it and crop the output")
