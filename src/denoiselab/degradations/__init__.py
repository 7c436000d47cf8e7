"""What can happen to a picture; one file a degradation, one yaml in `conf/noise`."""

from denoiselab.degradations.average_pool import AveragePool
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.gaussian import Gaussian
from denoiselab.degradations.recorded import Recorded
from denoiselab.degradations.white import White

__all__ = ["AveragePool", "Degradation", "Gaussian", "Recorded", "White"]
