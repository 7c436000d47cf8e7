"""Where a target comes from; one yaml each in `conf/supervision`."""

from denoiselab.supervision.base import Supervision
from denoiselab.supervision.clean import Clean
from denoiselab.supervision.noise2noise import Noise2Noise

__all__ = ["Clean", "Noise2Noise", "Supervision"]
