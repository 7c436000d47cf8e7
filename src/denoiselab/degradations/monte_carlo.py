"""The noise of Monte Carlo path tracing, as it was rendered."""

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class MonteCarlo(Degradation):
    """y = x. For renders of `samples` paths a pixel, which are noisy already.

    Each pixel is the mean of independent paths whose expected value is its radiance: the mean is kept. The
    distribution is skewed, a few bright paths among many dark ones, so neither median nor mode are. Independent from
    pixel to pixel with a box reconstruction filter only.
    """

    keeps = frozenset({Statistic.MEAN})
    recorded = True

    def __init__(self, *, samples: int) -> None:
        if samples < 1:
            raise UserError(f"samples={samples}: at least 1 path a pixel is needed, e.g. 8")
        self.samples = samples

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        return Observation(clean)

    def describe(self) -> str:
        return f"Monte Carlo, {self.samples} samples a pixel"
