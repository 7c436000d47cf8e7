"""The convolutional autoencoder of seed 001, for pictures of 28 × 28."""

from __future__ import annotations

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32ConvTranspose2d, chain, check_fixed_size
from denoiselab.networks.signature import Signature

LAYERS = ((5, 1), (5, 1), (4, 2), (3, 2), (4, 1))
"""Kernel size and stride; without padding the sides are 28, 24, 20, 9, 4, 1."""


class ConvAutoencoder(nn.Module):
    """Five convolutions down to a vector and their transposes back: `(N, C, 28, 28)` -> the same size.

    Fleuret's lecture on denoising autoencoders (seed 001), which keeps the autoencoder of the one before: ReLU between
    the layers, nothing after the latent vector and the last layer. The output is the picture, not a residual, so all
    that is known of it goes through `latent_dim` numbers. `decoder` takes latent vectors `(N, latent_dim)`.

    num_features: of every hidden layer, 32 in the lecture; latent_dim: 8 there.
    """

    def __init__(self, *, in_channels: int, out_channels: int, num_features: int, latent_dim: int) -> None:
        super().__init__()
        for key, value in {"num_features": num_features, "latent_dim": latent_dim}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, fixed_size=(28, 28))
        self.latent_dim = latent_dim
        hidden, back = [num_features] * (len(LAYERS) - 1), LAYERS[::-1]
        self.encoder = nn.Sequential(*chain(nn.Conv2d, [in_channels, *hidden, latent_dim], LAYERS), nn.Flatten())
        inner = chain(nn.ConvTranspose2d, [latent_dim, *hidden], back[:-1])
        last = Float32ConvTranspose2d(num_features, out_channels, *back[-1])
        self.decoder = nn.Sequential(nn.Unflatten(1, (latent_dim, 1, 1)), *inner, nn.ReLU(), last)

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.decoder(self.encoder(x))
        return out
