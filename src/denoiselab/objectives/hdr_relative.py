"""L_HDR: the relative squared error of Noise2Noise for radiance."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.errors import UserError
from denoiselab.objectives.base import Pointwise


class HDRRelative(Pointwise):
    """(f - y)² / (f + eps)², no gradient through the denominator (Lehtinen et al. 2018, section 3.3).

    Radiance >= 0, unbounded, linear (not tone-mapped). As the denominator holds no target, the
    gradient 2(f - y)/(f + eps)² is zero at the mean of y; with a gradient through it, it would not be.

    A negative prediction counts as 0 in the denominator, which stays >= eps² (the paper does not say;
    unhandled, the loss diverges at f = -eps). The numerator sees f as it is, so a negative prediction
    is pulled back with the full gradient.

    eps: > 0; 0.01 in the paper.
    """

    estimates: ClassVar[Statistic] = Statistic.MEAN

    def __init__(self, *, eps: float) -> None:
        super().__init__()
        if eps <= 0:
            raise UserError(f"eps={eps}: a number above 0 is needed, e.g. 0.01")
        self.eps = eps

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return (prediction - target).square() / (prediction.detach().clamp_min(0) + self.eps).square()
