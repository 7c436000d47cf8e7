"""Blind spots: a noisy picture teaches itself (Krull et al. 2019, arXiv:1811.10980)."""

import torch
from torch import Tensor

from denoiselab.batch import Batch, Observation, Pictures
from denoiselab.degradations import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe


class Noise2Void(Supervision):
    """Input: one noisy picture, some of whose pixels are replaced by a neighbour. Target: what they were.

    The network can't see the pixel that it is asked for, so with noise that is independent from pixel to pixel it
    learns the picture. In use it sees the whole noisy picture. Needs one recording of each scene.

    part: of the pixels that are asked for in a step.
    radius: neighbours come from the square of 2 radius + 1 pixels around, without its middle; at a border from
        the other side.
    """

    noisy_target = True
    blind_spot = True
    held_out = "blind spots of held-out noisy pictures, the J-invariant score"

    def __init__(self, *, part: float, radius: int, force: bool) -> None:
        if not 0 < part < 1:
            raise UserError(f"part={part}: a part of the pixels between 0 and 1 is needed, e.g. 0.02")
        if radius < 1:
            raise UserError(f"radius={radius}: at least 1 pixel is needed")
        self.part, self.radius, self.force = part, radius, force

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        observation = observe(pictures, 0, degradation, streams)
        seen = observation.value
        spots = streams.child("spots")
        asked = spots.uniform(1, *seen.shape[2:]) < self.part
        weight = asked.to(seen) if observation.mask is None else asked * observation.mask
        value = torch.where(asked, neighbours(seen, self.radius, spots), seen)
        blind = Observation(value, mask=observation.mask, aux=observation.aux)
        return Batch(blind, seen, pictures.index, weight=weight, clean=pictures.clean, label=pictures.label)


def neighbours(seen: Tensor, radius: int, streams: Streams) -> Tensor:
    """`(N, C, H, W)` with another pixel of its neighbourhood at every place, the channels together."""
    height, width = seen.shape[2:]
    side = 2 * radius + 1
    which = streams.integers(0, side**2 - 1, height, width)
    which = which + (which >= side**2 // 2)  # the middle is left out
    rows = torch.arange(height, device=seen.device)[:, None] + which // side - radius
    columns = torch.arange(width, device=seen.device) + which % side - radius
    place = (rows % height) * width + columns % width
    return seen.flatten(2).gather(2, place.flatten(1)[:, None].expand(-1, seen.shape[1], -1)).view_as(seen)
