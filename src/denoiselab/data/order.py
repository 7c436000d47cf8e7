"""In which order samples are seen: a new permutation every pass, without keeping a list of passes."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor

from denoiselab.streams import mix


class Order:
    """The endless sequence of sample numbers: each pass over the data is a permutation of its own.

    `order[slots]` is a function of (seed, slot) alone, wherever a run starts or resumes.
    """

    def __init__(self, length: int, seed: int) -> None:
        self.length, self.seed = length, seed
        self._pass = lru_cache(maxsize=4)(self._permutation)

    def _permutation(self, number: int) -> Tensor:
        generator = torch.Generator().manual_seed(mix(self.seed, "order", number))
        return torch.randperm(self.length, generator=generator)

    def __getitem__(self, slots: Sequence[int]) -> Tensor:
        """Slots counted from the run's first sample -> `(N,)` sample numbers."""
        return torch.stack([self._pass(slot // self.length)[slot % self.length] for slot in slots])
