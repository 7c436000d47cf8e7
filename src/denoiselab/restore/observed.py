"""Restoring an observation of any size, by whatever restores."""

from __future__ import annotations

from typing import Protocol as Interface

import torch

from denoiselab.batch import Estimate, Observation, Operator
from denoiselab.methods import Denoiser
from denoiselab.networks import signature_of
from denoiselab.restore.tiles import exact, restore_tiled

LARGE = 1_500_000
"""Pixels from which on a picture is restored in tiles, where that gives the same result."""


class Restorer(Interface):
    """Anything that gets a picture out of an observation: a method, or a classical baseline."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """The one way to do it."""


def restore_observation(restorer: Restorer, observation: Observation) -> Estimate:
    """`restorer.restore`, but a large picture in tiles where tiles equal the whole: in the memory of a tile."""
    if not isinstance(restorer, Denoiser) or not exact_in_tiles(restorer, observation):
        return restorer.restore(observation)
    signature = signature_of(restorer.network)
    restored = [
        restore_tiled(lambda tile: restorer.restore(Observation(tile)).mean, picture, signature)
        for picture in observation.value.split(1)
    ]
    return Estimate(torch.cat(restored))


def exact_in_tiles(method: Denoiser, observation: Observation) -> bool:
    """Whether a picture is large, the network's reach is finite, and nothing but the value was observed."""
    height, width = observation.value.shape[-2:]
    plain = type(observation.operator) is Operator and observation.mask is None and observation.aux is None
    return height * width > LARGE and exact(signature_of(method.network)) and plain
