"""Charbonnier: a smooth absolute error."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.errors import UserError
from denoiselab.objectives.base import Pointwise

MOST = 0.1
"""For eps: noise of sigma 25."""


class Charbonnier(Pointwise):
    """√((f - y)² + eps²) (Charbonnier et al. 1994; for restoration Lai et al. 2017, arXiv:1704.03915).

    eps: in the data's unit, above 0 and at most 0.1. It estimates the median where eps is well below the noise; where
        it is well above, this is a scaled L2.
    """

    estimates: ClassVar[Statistic] = Statistic.MEDIAN

    def __init__(self, *, eps: float) -> None:
        super().__init__()
        if not 0 < eps <= MOST:
            raise UserError(f"eps={eps}: a number above 0 and up to {MOST} is needed, e.g. 1e-3; of more it is loss=l2")
        self.eps = eps

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return ((prediction - target).square() + self.eps**2).sqrt()
