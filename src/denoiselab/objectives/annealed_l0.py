"""L0, annealed: the penalty that finds the most frequent value."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.errors import UserError
from denoiselab.objectives.base import Pointwise


class AnnealedL0(Pointwise):
    """(|f - y| + eps)^gamma, gamma falling linearly from 2 to 0 over the run (Lehtinen et al. 2018, section 3.4).

    Where gamma is near 0 it counts the values that differ, so it estimates the mode: it fits random-valued impulses,
    of which the mean and, above half of the pixels, the median are other values. gamma follows from the part of the
    run that is done, so a resumed run goes on with its own.

    eps: > 0; 1e-8 in the paper.
    """

    estimates: ClassVar[Statistic] = Statistic.MODE

    def __init__(self, *, eps: float) -> None:
        super().__init__()
        if eps <= 0:
            raise UserError(f"eps={eps}: a number above 0 is needed, e.g. 1e-8")
        self.eps = eps

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return ((prediction - target).abs() + self.eps).pow(2 * (1 - progress))
