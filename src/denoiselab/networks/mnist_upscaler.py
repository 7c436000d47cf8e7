"""The upscaler of seed 001: a digit of 14 × 14 through a vector to one of 28 × 28."""

from __future__ import annotations

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32ConvTranspose2d, chain, check_fixed_size
from denoiselab.networks.signature import Signature

DOWN = ((5, 1), (5, 1), (4, 1), (3, 1))
"""Kernel size and stride; without padding the sides are 14, 10, 6, 3, 1."""
UP = ((4, 1), (3, 2), (4, 2), (5, 1), (5, 1))
"""The sides are 1, 4, 9, 20, 24, 28."""


class MNISTUpscaler(nn.Module):
    """Four convolutions down to a vector, five transposes up: `(N, C, 14, 14)` -> `(N, C, 28, 28)`.

    Fleuret's lecture on denoising autoencoders (seed 001), as printed: ReLU between the layers, nothing after the
    vector and the last layer. All that is known of a picture goes through `num_features` numbers, so it is no
    interpolation that something is added to: the picture is drawn anew.

    num_features: of every hidden layer and of the vector, 32 in the lecture.
    """

    def __init__(self, *, in_channels: int, out_channels: int, num_features: int) -> None:
        super().__init__()
        if num_features < 1:
            raise UserError(f"num_features={num_features}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, scale=2, fixed_size=(14, 14))
        hidden = [num_features] * len(DOWN)
        self.encoder = nn.Sequential(*chain(nn.Conv2d, [in_channels, *hidden], DOWN))
        inner = chain(nn.ConvTranspose2d, [num_features, *hidden], UP[:-1])
        self.decoder = nn.Sequential(*inner, nn.ReLU(), Float32ConvTranspose2d(num_features, out_channels, *UP[-1]))

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.decoder(self.encoder(x))
        return out
