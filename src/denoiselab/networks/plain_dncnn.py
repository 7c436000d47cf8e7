"""PlainDnCNN: DnCNN without normalisation, the form in which trained weights are published."""

from typing import Literal, get_args

from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import Float32Conv2d, Init, check_sizes, initialise
from denoiselab.networks.signature import Signature

Prediction = Literal["noise", "picture"]


class PlainDnCNN(nn.Module):
    """x - stack(x), or stack(x): `(N, in_channels, H, W)` -> `(N, out_channels, H, W)`, any size.

    stack = conv ReLU, `depth` times conv ReLU, conv; all 3×3 with biases. Zhang et al. 2017 (arXiv:1608.03981)
    compare DnCNN with and without normalisation and residual learning; once trained, the normalisation is folded into
    the convolutions, which makes this of it.

    depth: the middle layers; the paper's 17 and 20 layers are depth 15 and 18.
    predicts: noise, which is taken off the picture (residual learning), or the picture itself.
    """

    def __init__(
        self, *, in_channels: int, out_channels: int, depth: int, num_features: int, predicts: Prediction, init: Init
    ) -> None:
        super().__init__()
        check_sizes(
            "PlainDnCNN", in_channels=in_channels, out_channels=out_channels, depth=depth, num_features=num_features
        )
        if predicts not in get_args(Prediction):
            raise UserError(f"predicts={predicts}: one of {', '.join(get_args(Prediction))} is needed")
        self.signature = Signature(in_channels, out_channels, radius=depth + 2)
        self.predicts = predicts
        self.head = nn.Conv2d(in_channels, num_features, 3, padding=1)
        self.layers = nn.ModuleList(nn.Conv2d(num_features, num_features, 3, padding=1) for _ in range(depth))
        self.tail = Float32Conv2d(num_features, out_channels, 3, padding=1)
        initialise(self, init, last=self.tail)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu(self.head(x))
        for layer in self.layers:
            h = F.relu(layer(h))
        predicted = self.tail(h)
        return predicted if self.predicts == "picture" else x[:, : predicted.shape[1]] - predicted
