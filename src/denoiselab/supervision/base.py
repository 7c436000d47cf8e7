"""The supervision contract: what is known of a scene, and a degradation -> input and target."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

import torch

from denoiselab.batch import Batch, Observation, Pictures
from denoiselab.degradations import Degradation
from denoiselab.domains import Domain
from denoiselab.streams import Streams


class Supervision(ABC):
    """Makes a batch of what the data knows.

    shots_needed: how many noisy recordings of a scene it takes when they are recorded.
    noisy_target: whether the target is an observation too, so that noise and loss have to fit (`fit`).
    domain: what the target is, where it is no picture (a class); None: what the data says.
    blind_spot: whether a pixel is guessed from its neighbours, so that the noise has to be independent.
    halves: whether the batch is whole pictures, of which the method takes halves as input and target.
    held_out: what a loss tells of held-out pictures whose clean ones are not known, in a few words.
    force: train even where noise and loss do not fit.
    """

    shots_needed: ClassVar[int] = 1
    noisy_target: ClassVar[bool] = False
    blind_spot: ClassVar[bool] = False
    halves: ClassVar[bool] = False
    held_out: ClassVar[str] = "held-out noisy pairs"
    domain: ClassVar[Domain | None] = None
    force: bool = False

    @abstractmethod
    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        """Pictures `(N, C, H, W)` -> batch, on the device that the pictures are on."""

    def measured(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        """The batch to measure on: the whole first observation against the clean picture, where there is one."""
        if pictures.clean is None:
            return self(pictures, degradation, streams)
        observation = observe(pictures, 0, degradation, streams)
        return Batch(observation, pictures.clean, pictures.index, clean=pictures.clean, label=pictures.label)


def observe(pictures: Pictures, shot: int, degradation: Degradation, streams: Streams) -> Observation:
    """The noisy recording `shot` of a scene if there is one, else a fresh draw of the degradation.

    Pictures are channels-last in memory, as the networks' weights: another layout would be converted wherever a
    network joins its input to its features.
    """
    if pictures.shots:
        return Observation(pictures.shots[shot], aux=pictures.aux)
    if pictures.clean is None:
        raise ValueError("pictures hold neither a clean value nor a recorded shot")
    seen = degradation(pictures.clean, streams)
    value = seen.value.contiguous(memory_format=torch.channels_last) if seen.value.ndim == 4 else seen.value
    return replace(seen, value=value, aux=pictures.aux)
