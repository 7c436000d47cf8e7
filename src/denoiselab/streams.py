"""Random choices as pure functions of (seed, step, sample).

No stream has a history: the same keys give the same numbers after a resume, on another number of
processes, or alone. So a run that was killed goes on as if it had not been, and validation noise
depends on the seed and the picture only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor


def mix(*keys: int | str) -> int:
    """Hash integers and strings to a 63-bit seed, the same on every machine and Python version."""
    return int.from_bytes(digest(8, keys), "little") >> 1


def uniform(n: int, *keys: int | str) -> np.ndarray:
    """The few uniform numbers that a choice takes, straight from the hash: `(n,)` float64 on [0, 1), n up to 8."""
    return (np.frombuffer(digest(8 * n, keys), "<u8") >> 11) * 2.0**-53


def digest(size: int, keys: tuple[int | str, ...]) -> bytes:
    """So many bytes that depend on all keys."""
    return hashlib.blake2b("\x1f".join(map(str, keys)).encode(), digest_size=size).digest()


class Streams:
    """Independent random streams, one for each sample of a batch.

    Every draw returns `(N, *shape)`; sample i's values depend on `keys[i]` and on how many draws
    came before, never on its neighbours. Numbers differ between device types (CPU and CUDA have
    other generators): draw test noise on the CPU.
    """

    def __init__(self, keys: Iterable[int | str], device: torch.device | str = "cpu") -> None:
        self.keys = list(keys)
        self.device = torch.device(device)
        self._generator = torch.Generator(self.device)
        self._draws = 0

    def __len__(self) -> int:
        return len(self.keys)

    def child(self, name: str) -> Streams:
        """Streams independent of these, for a second draw of the same samples."""
        return Streams([mix(key, name) for key in self.keys], self.device)

    def _each(self) -> Iterable[tuple[int, torch.Generator]]:
        self._draws += 1
        for i, key in enumerate(self.keys):
            yield i, self._generator.manual_seed(mix(key, self._draws))

    def _empty(self, shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.empty((len(self.keys), *shape), dtype=dtype, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal `(N, *shape)`."""
        out = self._empty(shape)
        for i, generator in self._each():
            out[i].normal_(generator=generator)
        return out

    def uniform(self, *shape: int) -> Tensor:
        """Uniform on [0, 1) `(N, *shape)`."""
        out = self._empty(shape)
        for i, generator in self._each():
            out[i].uniform_(generator=generator)
        return out

    def poisson(self, rates: Tensor) -> Tensor:
        """Counts `(N, ...)` of these expected values `(N, ...)`."""
        out = torch.empty_like(rates)
        for i, generator in self._each():
            out[i] = torch.poisson(rates[i], generator=generator)
        return out

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """Integers in [low, high) `(N, *shape)`, int64."""
        out = self._empty(shape, torch.int64)
        for i, generator in self._each():
            out[i].random_(low, high, generator=generator)
        return out
