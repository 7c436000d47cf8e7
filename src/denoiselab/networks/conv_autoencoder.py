"""The convolutional autoencoder of seed 001, for pictures of 28 × 28."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32ConvTranspose2d, check_fixed_size
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
        if min(num_features, latent_dim) < 1:
            raise UserError(f"num_features={num_features}, latent_dim={latent_dim}: at least 1 of each is needed")
        self.signature = Signature(in_channels, out_channels, fixed_size=(28, 28))
        self.latent_dim = latent_dim
        hidden, back = [num_features] * (len(LAYERS) - 1), LAYERS[::-1]
        self.encoder = nn.Sequential(*_stack(nn.Conv2d, [in_channels, *hidden, latent_dim], LAYERS), nn.Flatten())
        inner = _stack(nn.ConvTranspose2d, [latent_dim, *hidden], back[:-1])
        last = Float32ConvTranspose2d(num_features, out_channels, *back[-1])
        self.decoder = nn.Sequential(nn.Unflatten(1, (latent_dim, 1, 1)), *inner, nn.ReLU(), last)

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.decoder(self.encoder(x))
        return out


def _stack(
    kind: type[nn.Conv2d] | type[nn.ConvTranspose2d], channels: Sequence[int], layers: Sequence[tuple[int, int]]
) -> list[nn.Module]:
    """Layers of one kind through these numbers of channels, with a ReLU between each two."""
    stack: list[nn.Module] = []
    for before, after, (kernel_size, stride) in zip(channels[:-1], channels[1:], layers, strict=True):
        stack += [nn.ReLU(), kind(before, after, kernel_size, stride)]
    return stack[1:]
