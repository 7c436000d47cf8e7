"""Measuring: a test set, a protocol, and anything that restores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol as Interface

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Estimate, Observation
from denoiselab.data import Data
from denoiselab.metrics import Scores
from denoiselab.restore.classical import Baseline


class Restorer(Interface):
    """Anything that gets a picture out of an observation: a method, or a classical baseline."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """The one way to do it."""


@dataclass
class Restored:
    """One test picture and what every restorer made of it, on the CPU; in `pictures` also `clean` and `noisy`."""

    name: str
    pictures: dict[str, Tensor]
    figures: dict[str, dict[str, float]]

    def without_pictures(self) -> Restored:
        """The figures alone: a large test set would not fit in memory."""
        return Restored(self.name, {}, self.figures)


def evaluate(
    data: Data, scores: Scores, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Iterator[Restored]:
    """Restore every test picture by every restorer; the noisy input is measured as `noisy`.

    Each picture's crop and noise depend on the seed and the picture only. Figures collect in `scores`.
    """
    if data.degradation.scale > 1:
        restorers = {name: r for name, r in restorers.items() if not isinstance(r, Baseline)}
    for numbers in data.chunks("test"):
        yield from measured(data, numbers, scores, restorers, device)


def measured(
    data: Data, numbers: list[int], scores: Scores, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Iterator[Restored]:
    """Test pictures that go together, restored at once and measured each for itself."""
    store, seed, protocol = data.stores["test"], data.seed, scores.protocol
    batch = data.measured_batch("test", numbers, device, lambda p, i: protocol.cropped(p, seed, store.keys[i]))
    clean = batch.target.cpu()
    pictures = unrestored(batch.observation.value.cpu(), clean)
    with torch.no_grad():
        for name, restorer in restorers.items():
            pictures[name] = restorer.restore(batch.observation).mean.float().cpu()
    for place, i in enumerate(numbers):
        mine = {name: picture[place : place + 1] for name, picture in pictures.items()}
        truth = clean[place : place + 1]
        figures = {name: scores.add(name, picture, truth) for name, picture in mine.items()}
        yield Restored(store.names[i], {"clean": truth, **mine}, figures)


def unrestored(value: Tensor, clean: Tensor) -> dict[str, Tensor]:
    """What was observed; of fewer pixels than the clean picture, enlarged: pixels repeated, and bicubic."""
    size = clean.shape[2:]
    if value.shape[2:] == size:
        return {"noisy": value}
    return {
        "noisy": F.interpolate(value, size=size, mode="nearest"),
        "bicubic": F.interpolate(value, size=size, mode="bicubic", align_corners=False),
    }
