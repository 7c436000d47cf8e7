"""The autoencoder of seed 000, whose decoder is a prior for pictures."""

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Linear, check_fixed_size
from denoiselab.networks.signature import Signature


class LatentAutoencoder(nn.Module):
    """Two dense layers to a latent vector and two back, a ReLU after each: `(N, C, side, side)` -> the same.

    Seed 000: 784-400-K-400-784 with K of 10 or 20. The output is not negative, nor is a latent vector of the encoder;
    `decoder` takes any, `(N, latent_dim)`. See `methods.LatentPrior`, which restores by it.
    """

    def __init__(self, *, in_channels: int, out_channels: int, side: int, hidden_dim: int, latent_dim: int) -> None:
        super().__init__()
        for key, value in {"side": side, "hidden_dim": hidden_dim, "latent_dim": latent_dim}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, fixed_size=(side, side))
        self.latent_dim = latent_dim
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(in_channels * side**2, hidden_dim),
            nn.ReLU(),
            nn.Linear(hidden_dim, latent_dim),
            nn.ReLU(),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent_dim, hidden_dim),
            nn.ReLU(),
            Float32Linear(hidden_dim, out_channels * side**2),
            nn.ReLU(),
            nn.Unflatten(1, (out_channels, side, side)),
        )

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.decoder(self.encoder(x))
        return out
