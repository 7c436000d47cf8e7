"""Where a target comes from; one yaml each in `conf/supervision`."""

from denoiselab.supervision.base import Supervision
from denoiselab.supervision.clean import Clean
from denoiselab.supervision.fit import check_fit, misfit
from denoiselab.supervision.label import Label
from denoiselab.supervision.neighbours import Neighbours
from denoiselab.supervision.noise2noise import Noise2Noise
from denoiselab.supervision.noise2void import Noise2Void

__all__ = ["Clean", "Label", "Neighbours", "Noise2Noise", "Noise2Void", "Supervision", "check_fit", "misfit"]
