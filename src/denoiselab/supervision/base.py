"""The supervision contract: what is known of a scene, and a degradation -> input and target."""

from abc import ABC, abstractmethod
from dataclasses import replace

from denoiselab.batch import Batch, Observation, Pictures
from denoiselab.degradations import Degradation
from denoiselab.streams import Streams


class Supervision(ABC):
    """Makes a batch of what the data knows.

    shots_needed: how many noisy recordings of a scene it takes when they are recorded.
    """

    shots_needed: int = 1

    @abstractmethod
    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        """Pictures `(N, C, H, W)` -> batch, on the device that the pictures are on."""


def observe(pictures: Pictures, shot: int, degradation: Degradation, streams: Streams) -> Observation:
    """The noisy recording `shot` of a scene if there is one, else a fresh draw of the degradation."""
    if pictures.shots:
        return Observation(pictures.shots[shot], aux=pictures.aux)
    if pictures.clean is None:
        raise ValueError("pictures hold neither a clean value nor a recorded shot")
    return replace(degradation(pictures.clean, streams), aux=pictures.aux)
