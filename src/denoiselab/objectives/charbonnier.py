"""Charbonnier: a smooth absolute error."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.errors import UserError
from denoiselab.objectives.base import Pointwise


class Charbonnier(Pointwise):
    """√((f - y)² + eps²) (Charbonnier et al. 1994; for restoration Lai et al. 2017, arXiv:1704.03915).

    eps: > 0, in the data's unit. It estimates the median where eps is well below the noise, and
        leans to the mean (a scaled L2) where eps is well above it; `estimates` states the former.
    """

    estimates: ClassVar[Statistic] = Statistic.MEDIAN

    def __init__(self, *, eps: float) -> None:
        super().__init__()
        if eps <= 0:
            raise UserError(f"eps={eps}: a number above 0 is needed, e.g. 1e-3")
        self.eps = eps

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return ((prediction - target).square() + self.eps**2).sqrt()
