"""What can happen to a picture; one file a degradation, one yaml in `conf/noise`."""

from denoiselab.degradations.base import Degradation
from denoiselab.degradations.gaussian import Gaussian
from denoiselab.degradations.recorded import Recorded

__all__ = ["Degradation", "Gaussian", "Recorded"]
