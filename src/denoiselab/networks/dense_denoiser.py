"""A dense network with several hidden layers, for small pictures."""

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Linear, check_fixed_size
from denoiselab.networks.signature import Signature

SLOPE = 0.2


class DenseDenoiser(nn.Module):
    """Dense layers with leaky ReLUs between, a sigmoid at the end: `(N, C, side, side)` -> the same side, in [0, 1].

    Input channels may be more than the picture's: samplers draw noise.

    depth: how many hidden layers; num_features: of each.
    """

    def __init__(self, *, in_channels: int, out_channels: int, side: int, depth: int, num_features: int) -> None:
        super().__init__()
        for key, value in {"side": side, "depth": depth, "num_features": num_features}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, fixed_size=(side, side))
        sizes = [in_channels * side**2] + [num_features] * depth
        hidden = [(nn.Linear(before, num_features), nn.LeakyReLU(SLOPE)) for before in sizes[:-1]]
        self.layers = nn.Sequential(
            nn.Flatten(),
            *[layer for pair in hidden for layer in pair],
            Float32Linear(num_features, out_channels * side**2),
            nn.Sigmoid(),
            nn.Unflatten(1, (out_channels, side, side)),
        )

    def forward(self, x: Tensor) -> Tensor:
        check_fixed_size(self, x)
        out: Tensor = self.layers(x)
        return out
