"""Measuring: a test set, a protocol, and anything that restores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol as Interface

import torch
from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.data import Data
from denoiselab.metrics import Scores


class Restorer(Interface):
    """Anything that gets a picture out of an observation: a method, or a classical baseline."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """The one way to do it."""


@dataclass
class Restored:
    """One test picture and what every restorer made of it, on the CPU."""

    name: str
    batch: Batch
    pictures: dict[str, Tensor]
    figures: dict[str, dict[str, float]]


def evaluate(
    data: Data, scores: Scores, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Iterator[Restored]:
    """Restore every test picture by every restorer; the noisy input is measured as `noisy`.

    Each picture's crop and noise depend on the seed and the picture only. Figures collect in `scores`.
    """
    for i in range(len(data.stores["test"])):
        yield measured(data, i, scores, restorers, device)


def measured(
    data: Data, i: int, scores: Scores, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Restored:
    """One test picture, restored and measured."""
    store = data.stores["test"]
    batch = data.measured_batch("test", i, device, lambda p: scores.protocol.cropped(p, data.seed, store.keys[i]))
    clean = batch.target.cpu()
    pictures = {"noisy": batch.observation.value.cpu()}
    with torch.no_grad():
        for name, restorer in restorers.items():
            pictures[name] = restorer.restore(batch.observation).mean.float().cpu()
    figures = {name: scores.add(name, picture, clean) for name, picture in pictures.items()}
    return Restored(store.names[i], batch, pictures, figures)
