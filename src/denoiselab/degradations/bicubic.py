"""Fewer pixels by bicubic downsampling, from which most papers on super-resolution start."""

from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class Bicubic(Degradation):
    """y = x on a grid `scale` times coarser, with the kernel (a = -0.5) widened by the scale, as MATLAB's imresize.

    Nothing is random. Overshoots at edges are not clipped. Keeps no statistic, and has another size: no target.
    """

    keeps = frozenset()
    may_be_target = False
    independent = False

    def __init__(self, *, scale: int) -> None:
        if scale < 1:
            raise UserError(f"scale={scale}: a whole number of pixels from 1 on is needed")
        self.scale = scale

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        size = [side // self.scale for side in clean.shape[-2:]]
        return Observation(F.interpolate(clean, size=size, mode="bicubic", antialias=True, align_corners=False))

    def describe(self) -> str:
        return f"{self.scale} x {self.scale} bicubic downsampling"
