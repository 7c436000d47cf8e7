"""What can happen to a picture; one file a degradation, one yaml in `conf/noise`."""

from denoiselab.degradations.average_pool import AveragePool
from denoiselab.degradations.base import Degradation, Noise
from denoiselab.degradations.bernoulli import Bernoulli
from denoiselab.degradations.bicubic import Bicubic
from denoiselab.degradations.block_mask import BlockMask
from denoiselab.degradations.blur import Blur
from denoiselab.degradations.calibrated import Calibrated
from denoiselab.degradations.channel_gaussian import ChannelGaussian
from denoiselab.degradations.composed import Composed
from denoiselab.degradations.gaussian import Gaussian
from denoiselab.degradations.impulse import Impulse
from denoiselab.degradations.jpeg import Jpeg
from denoiselab.degradations.monte_carlo import MonteCarlo
from denoiselab.degradations.poisson import Poisson
from denoiselab.degradations.poisson_gaussian import PoissonGaussian
from denoiselab.degradations.recorded import Recorded
from denoiselab.degradations.relative_gaussian import RelativeGaussian
from denoiselab.degradations.salt_and_pepper import SaltAndPepper
from denoiselab.degradations.text import Text
from denoiselab.degradations.undersampling import Undersampling
from denoiselab.degradations.white import White

__all__ = [
    "AveragePool",
    "Bernoulli",
    "Bicubic",
    "BlockMask",
    "Blur",
    "Calibrated",
    "ChannelGaussian",
    "Composed",
    "Degradation",
    "Gaussian",
    "Impulse",
    "Jpeg",
    "MonteCarlo",
    "Noise",
    "Poisson",
    "PoissonGaussian",
    "Recorded",
    "RelativeGaussian",
    "SaltAndPepper",
    "Text",
    "Undersampling",
    "White",
]
