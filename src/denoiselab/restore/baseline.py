"""The contract of classical baselines: they restore as a method does, so that every table has them."""

from abc import ABC, abstractmethod
from typing import ClassVar

from denoiselab.batch import Estimate, Observation, Statistic
from denoiselab.degradations import Degradation


class Baseline(ABC):
    """Learns nothing: restores what a noise that it suits has left of a picture."""

    name: ClassVar[str]

    @abstractmethod
    def suits(self, degradation: Degradation) -> bool:
        """Whether it is made for such noise."""

    @abstractmethod
    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """Observation `(N, C, H, W)` about [0, 1] -> the estimate; there is nothing to sample."""


def replaces(degradation: Degradation) -> bool:
    """Whether some pixels are replaced and the others left alone (impulses, text): only median or mode are kept."""
    return bool(degradation.keeps) and Statistic.MEAN not in degradation.keeps
