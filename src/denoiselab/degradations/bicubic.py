"""Fewer pixels by bicubic downsampling, from which most papers on super-resolution start."""

from collections.abc import Sequence
from math import lcm

from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams, uniform


class Bicubic(Degradation):
    """y = x on a grid `scale` times coarser, with the kernel (a = -0.5) widened by the scale, as MATLAB's imresize.

    Overshoots at edges are not clipped. Keeps no statistic, and has another size: no target.

    scale: a whole number, by which nothing is random; or several, of which each batch has one, drawn by its first
        sample's key. `Observation.level` tells which.
    """

    keeps = frozenset()
    may_be_target = False
    independent = False

    def __init__(self, *, scale: int | Sequence[int]) -> None:
        self.scales = [scale] if isinstance(scale, int) else list(scale)
        if min(self.scales, default=0) < 1:
            raise UserError(f"scale={scale}: a whole number of pixels from 1 on is needed, or several of them")
        self.scale = lcm(*self.scales)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        scale = self.scales[int(uniform(1, streams.keys[0], "scale")[0] * len(self.scales))]
        size = [side // scale for side in clean.shape[-2:]]
        value = F.interpolate(clean, size=size, mode="bicubic", antialias=True, align_corners=False)
        return Observation(value, level=clean.new_full((len(clean),), scale))

    def describe(self) -> str:
        return " or ".join(f"{scale} x {scale}" for scale in self.scales) + " bicubic downsampling"
