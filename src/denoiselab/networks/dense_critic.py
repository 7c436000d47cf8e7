"""A critic of small pictures: how real each of them looks."""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

SLOPE = 0.2


class DenseCritic(nn.Module):
    """Dense layers of spectral norm 1 (Miyato et al. 2018, arXiv:1802.05957): `(N, in_channels, side, side)` -> `(N,)`.

    in_channels: of the candidate and of what was observed, together.
    depth: how many hidden layers; num_features: of each.
    """

    def __init__(self, *, in_channels: int, side: int, depth: int, num_features: int) -> None:
        super().__init__()
        sizes = [in_channels * side**2] + [num_features] * depth
        hidden = [(spectral_norm(nn.Linear(before, num_features)), nn.LeakyReLU(SLOPE)) for before in sizes[:-1]]
        self.layers = nn.Sequential(
            nn.Flatten(),
            *[layer for pair in hidden for layer in pair],
            spectral_norm(nn.Linear(num_features, 1)),
            nn.Flatten(0),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x)
        return out
