"""DnCNN: a plain residual stack of convolutions."""

from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.networks.blocks import ConvBNReLU, Float32Conv2d, Init, add_residual, check_sizes, initialise
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature


class DnCNN(nn.Module):
    """x + conv(layers(ReLU(conv(x)))): `(N, in_channels, H, W)` -> `(N, out_channels, H, W)`, any size.

    Zhang et al. 2017 (arXiv:1608.03981), in the form of seed 002: all convolutions 3×3, the network
    predicts what to add to the noisy picture (the paper's predicts the noise to subtract). Pictures
    in [0, 1]; nothing is clipped.

    depth: the middle layers conv BN ReLU, as the seed counts; the paper's 17 layers are depth 15.
        The receptive field is 2·depth + 5. 0 is allowed.
    out_channels: at most in_channels; the correction is added to the first ones of the input.

    Departs from the seed: its `BatchNorm2d(C, C)` set eps = C by accident (see `initialise`), and its
    middle convolutions had biases, which BN cancels.
    """

    def __init__(self, *, in_channels: int, out_channels: int, depth: int, num_features: int, init: Init) -> None:
        super().__init__()
        check_sizes("DnCNN", in_channels=in_channels, out_channels=out_channels, depth=depth, num_features=num_features)
        self.signature = Signature(in_channels, out_channels, radius=_field(depth).radius)
        self.head = nn.Conv2d(in_channels, num_features, 3, padding=1)
        self.layers = nn.Sequential(*(ConvBNReLU(num_features=num_features, dilation=1) for _ in range(depth)))
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)
        initialise(self, init, last=self.tail)

    def forward(self, x: Tensor) -> Tensor:
        h = self.layers(F.relu(self.head(x)))
        return add_residual(self.tail(h), x)


def _field(depth: int) -> Field:
    field = Field()
    for _ in range(depth + 2):
        field = field.conv(3)
    return field
