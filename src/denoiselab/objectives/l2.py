"""L2: the squared error."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.objectives.base import Pointwise


class L2(Pointwise):
    """(f - y)²; estimates the mean, so it fits zero-mean noise: E(f - (x + d))² = E(f - x)² + E d²."""

    estimates: ClassVar[Statistic] = Statistic.MEAN

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return (prediction - target).square()
