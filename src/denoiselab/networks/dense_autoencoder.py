"""The dense denoising autoencoder of seed 004."""

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Linear, check_fixed_size
from denoiselab.networks.signature import Signature


class DenseAutoencoder(nn.Module):
    """sigmoid(V LeakyReLU(W x + b) + c): pictures `(N, C, side, side)` in [0, 1] -> the same.

    Seed 004 (a Keras notebook): 784 -> 256 or 192 -> 784 on Fashion-MNIST, the slope 0.3 that Keras takes, its weights
    by Glorot and Bengio (2010) with zero biases. `decoder` takes latent vectors `(N, latent_dim)`.

    slope: of the LeakyReLU below 0.
    """

    def __init__(self, *, in_channels: int, out_channels: int, side: int, latent_dim: int, slope: float) -> None:
        super().__init__()
        for key, value in {"side": side, "latent_dim": latent_dim}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, fixed_size=(side, side))
        self.latent_dim = latent_dim
        first = nn.Linear(in_channels * side**2, latent_dim)
        last = Float32Linear(latent_dim, out_channels * side**2)
        for layer in (first, last):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.encoder = nn.Sequential(nn.Flatten(), first, nn.LeakyReLU(slope))
        self.decoder = nn.Sequential(last, nn.Sigmoid(), nn.Unflatten(1, (out_channels, side, side)))

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.decoder(self.encoder(x))
        return out
