"""The degradation contract: what happened to the picture, what it keeps, how it may be used."""

from abc import ABC, abstractmethod

from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.streams import Streams


class Degradation(ABC):
    """Clean pictures and random streams -> observation, on the device the pictures are on.

    keeps: which statistics of the observed value equal the clean value; an objective that
        estimates one of them may learn from noisy targets.
    may_be_target: whether an observation may stand as the target of a loss at all.
    independent: whether the noise of a pixel tells nothing of its neighbours' (given the picture).
    loses: whether values are lost, which `Observation.mask` tells and a loss has to leave out.
    clamps: whether it takes a value below 0 for 0, so that of pictures with noise it keeps nothing.
    clip: whether values are cut to [0, 1], so that the mean is not kept.
    measures: whether it tells what it left as it was (`Observation.operator`), to be put back into an estimate.
    recorded: whether nothing is added, because the data's own recordings are noisy.
    scale: how many times smaller the observation is than the picture (super-resolution).
    """

    keeps: frozenset[Statistic]
    may_be_target: bool = True
    independent: bool = True
    loses: bool = False
    recorded: bool = False
    clamps: bool = False
    measures: bool = False
    clip: bool = False
    scale: int = 1

    @property
    def cure(self) -> str:
        """What to take where it may not be a target."""
        return "noise.clip=false" if self.clip else "another noise"

    @abstractmethod
    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        """`(N, C, H, W)` clean pictures -> what is observed of them."""

    @abstractmethod
    def describe(self) -> str:
        """A few words for the run's summary and the tables, with the unit."""


class Noise(Degradation):
    """A degradation that adds noise whose strength follows from the clean value.

    correlation: of the noise of neighbouring pixels.
    shared: the correlation between the channels.
    """

    correlation: float = 0
    shared: float = 0

    @abstractmethod
    def std_range(self, clean: Tensor) -> tuple[Tensor, Tensor]:
        """Its least and its greatest standard deviation at clean values, over the strengths that are drawn."""
