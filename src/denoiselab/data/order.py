"""In which order samples are seen: a new permutation every pass, without keeping a list of passes."""

from functools import lru_cache

import numpy as np

from denoiselab.streams import mix


class Order:
    """The endless sequence of sample numbers: each pass over the data is a permutation of its own.

    `order[slots]` is a function of (seed, slot) alone, wherever a run starts or resumes.
    """

    def __init__(self, length: int, seed: int) -> None:
        self.length, self.seed = length, seed
        self._pass = lru_cache(maxsize=4)(self._permutation)

    def _permutation(self, number: int) -> np.ndarray:
        return np.random.default_rng(mix(self.seed, "order", number)).permutation(self.length)

    def __getitem__(self, slots: range) -> np.ndarray:
        """Slots counted from the run's first sample, one after another -> `(N,)` sample numbers."""
        passes = range(slots[0] // self.length, slots[-1] // self.length + 1)
        starts = {number: number * self.length for number in passes}
        parts = [self._pass(n)[max(0, slots[0] - start) : slots[-1] + 1 - start] for n, start in starts.items()]
        return np.concatenate(parts)
