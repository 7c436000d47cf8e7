"""L1: the absolute error."""

from typing import ClassVar

from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.objectives.base import Pointwise


class L1(Pointwise):
    """|f - y|; estimates the median, so it fits noise that keeps the median (text, impulses under 50 %)."""

    estimates: ClassVar[Statistic] = Statistic.MEDIAN

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        return (prediction - target).abs()
