"""More pixels by a fixed kernel: what super-resolution is measured against."""

from typing import final

from torch.nn import functional as F

from denoiselab.batch import Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.restore.baseline import Baseline


class Interpolation(Baseline):
    """`(N, C, H, W)` -> `(N, C, scale·H, scale·W)`, by torch's kernel of the baseline's name."""

    def __init__(self, *, scale: int) -> None:
        self.scale = scale

    @final
    def suits(self, degradation: Degradation) -> bool:
        """Whatever has taken pixels away."""
        return degradation.scale == self.scale > 1

    @final
    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        value = observation.value.float()
        size = [side * self.scale for side in value.shape[-2:]]
        larger = F.interpolate(value, size=size, mode=self.name, align_corners=False, antialias=True)
        return Estimate(larger.to(observation.value))


class Bilinear(Interpolation):
    """The mean of the four nearest pixels, weighted by how near they are."""

    name = "bilinear"


class Bicubic(Interpolation):
    """Keys' kernel with a = -0.5, the field's (MATLAB, Pillow).

    torch's own default has a = -0.75, and `antialias` is what chooses between them.
    """

    name = "bicubic"
