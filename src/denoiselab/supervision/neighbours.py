"""One noisy picture of each scene and nothing else: its pixels' neighbours (Huang et al. 2021, arXiv:2101.02824)."""

import torch
from torch import Tensor

from denoiselab.batch import Batch, Pictures
from denoiselab.degradations import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe

PAIRS = ((0, 1), (0, 2), (1, 3), (2, 3), (1, 0), (2, 0), (3, 1), (3, 2))
"""Which two neighbours of a 2 × 2 cell (read row by row) are input and target."""


class Neighbours(Supervision):
    """Of each 2 × 2 cell of one noisy picture two random neighbours, which method=neighbor2neighbor learns from.

    Input and target are the whole picture; `Batch.neighbours` says which pixels to take of them.
    """

    noisy_target = True
    blind_spot = True
    halves = True
    held_out = "neighbouring pixels of held-out noisy pictures"

    def __init__(self, *, force: bool) -> None:
        self.force = force

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        observation = observe(pictures, 0, degradation, streams)
        return Batch(
            observation,
            observation.value,
            pictures.index,
            weight=observation.mask,
            clean=pictures.clean,
            label=pictures.label,
            neighbours=chosen(streams.child("neighbours"), *observation.value.shape[2:]),
        )


def chosen(streams: Streams, height: int, width: int) -> Tensor:
    """The numbers, 0 to 3, of two neighbours in each 2 × 2 cell of a picture: `(N, 2, height / 2, width / 2)`.

    Raises:
        UserError: a side is shorter than a cell.
    """
    if min(height, width) < 2:
        raise UserError(f"supervision=neighbor2neighbor halves the pictures: {width} x {height} is too small")
    pairs = torch.tensor(PAIRS, device=streams.device)
    return pairs[streams.integers(0, len(PAIRS), height // 2, width // 2)].movedim(-1, 1)
