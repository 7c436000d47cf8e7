"""A dense network of one hidden layer, for points."""

from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Linear
from denoiselab.networks.signature import Signature


class MLP(nn.Module):
    """V ReLU(W x + b) + c at every place: `(N, in_channels, ...)` -> `(N, out_channels, ...)`.

    Seed 001: 2-100-2 on points `(N, 2)`. Of a picture it takes each pixel alone.

    num_features: of the hidden layer.
    """

    def __init__(self, *, in_channels: int, out_channels: int, num_features: int) -> None:
        super().__init__()
        if num_features < 1:
            raise UserError(f"num_features={num_features}: at least 1 is needed")
        self.signature = Signature(in_channels, out_channels, radius=0)
        self.layers = nn.Sequential(
            nn.Linear(in_channels, num_features), nn.ReLU(), Float32Linear(num_features, out_channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layers(x.movedim(1, -1)).movedim(-1, 1)
        return out
