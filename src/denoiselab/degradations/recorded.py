"""No synthetic noise: the data holds noisy recordings of its own."""

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.streams import Streams


class Recorded(Degradation):
    """y = x. For pairs, bursts and tensor files, whose shots are already noisy.

    What a recording keeps can't be known, so it claims everything: the mean is right for linear sensor data,
    and an assumption for pictures that a camera has clipped or processed.
    """

    keeps = frozenset(Statistic)
    recorded = True

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        return Observation(clean)

    def describe(self) -> str:
        return "as recorded"
