"""Fewer pixels, each the mean of a square of the picture: super-resolution's input without noise."""

from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class AveragePool(Degradation):
    """y = the mean of every `scale` x `scale` square: `(N, C, H, W)` -> `(N, C, H / scale, W / scale)`.

    Nothing is random. Keeps no statistic of the picture's own pixels, and has another size than it, so it
    is no target. Confused with bicubic downsampling, from which most papers on super-resolution start.
    """

    keeps = frozenset()
    may_be_target = False
    independent = False

    def __init__(self, *, scale: int) -> None:
        if scale < 1:
            raise UserError(f"scale={scale}: a whole number of pixels from 1 on is needed")
        self.scale = scale

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        return Observation(F.avg_pool2d(clean, self.scale))

    def describe(self) -> str:
        return f"{self.scale} x {self.scale} average pooling"
