"""Restorers on pictures whose clean version nobody has."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from lightning.fabric.utilities import move_data_to_device
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.data import Data
from denoiselab.data.store import centre
from denoiselab.diagnosis import Diagnosis, diagnose
from denoiselab.metrics import sure
from denoiselab.metrics.psnr import decibels
from denoiselab.report.results import Restored
from denoiselab.restore import Restorer, restore_observation
from denoiselab.streams import Streams, mix

NOISY, LOOKED_AT = "noisy", 1400
"""The side of a picture's middle that its noise is estimated on."""
CLEAR, TONE = 2.5, 7
"""Deviations from black and white at which next to nothing of the noise is cut, and the square whose mean is a tone."""


@dataclass
class Estimates:
    """The running account of a comparison without clean pictures; it speaks as `metrics.Scores` does.

    figures: each restorer's, for each picture that has one.
    shared: pictures in which neighbours share the noise, for which there is no estimate.
    """

    figures: dict[str, list[float]] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    name: str = "SURE"

    @property
    def names(self) -> list[str]:
        """The restorers, in the order in which they came."""
        return list(self.figures)

    def add(self, name: str, error: Tensor) -> dict[str, float]:
        """Enter the estimated error of one picture, `(1,)`; nan, or an error too small to be seen, has no figure."""
        psnr, mine = float(decibels(error, peak=1.0)), self.figures.setdefault(name, [])
        if math.isnan(psnr):
            return {}
        mine.append(psnr)
        return {"psnr": psnr}

    def summary(self, name: str) -> dict[str, float]:
        """The mean over the pictures that have a figure."""
        known = self.figures[name]
        return {"n": len(known)} | ({"psnr": statistics.fmean(known)} if known else {})

    def describe(self) -> str:
        """One line that goes with these figures."""
        return (
            "SURE: PSNR estimated without a clean picture, for white noise of the level that is estimated on each; "
            "where it was cut at black or white, of the tones between. Fit to compare restorers on the same picture: "
            "1 % of error in the level is 0.1 to 1 dB for all of them"
        )

    def notes(self) -> list[str]:
        """What a reader has to know beside the figures."""
        if not self.shared:
            return []
        said = f"{len(self.shared)} pictures have noise that neighbours share: no PSNR can be estimated for them"
        return [f"{said} ({', '.join(self.shared)})"]


def estimated(
    data: Data, scores: Estimates, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Iterator[Restored]:
    """Restore the first shot of every test picture by every restorer. Figures collect in `scores`."""
    store = data.stores["test"]
    for i, (name, key) in enumerate(zip(store.names, store.keys, strict=True)):
        layers = store.sample(i)
        noisy, aux = layers["shot0"].cpu(), layers.get("aux")
        found = diagnose([centre(noisy, LOOKED_AT)[0].movedim(0, -1).numpy()])
        if found.correlated:
            scores.shared.append(name)
        variance = variance_of(noisy, found)
        signs = Streams([mix(data.seed, key, "signs")]).integers(0, 2, *noisy.shape[1:]) * 2.0 - 1
        pictures = {NOISY: noisy}
        figures = {NOISY: scores.add(NOISY, variance.nanmean()[None])}
        for who, restorer in restorers.items():
            with torch.no_grad():
                pictures[who], error = sure(function(restorer, found.std, aux, device), noisy, variance, signs)
            figures[who] = scores.add(who, error)
        yield Restored(name, pictures, figures)


def function(
    restorer: Restorer, std: float, aux: Tensor | None, device: torch.device | str
) -> Callable[[Tensor], Tensor]:
    """A restorer as a function of the noisy value alone, whose results are clamped to [0, 1]."""

    def restored(value: Tensor) -> Tensor:
        seen = move_data_to_device(Observation(value, aux=aux, std=torch.tensor([std])), torch.device(device))
        return restore_observation(restorer, seen).mean.float().cpu().clamp(0, 1)

    return restored


def variance_of(noisy: Tensor, found: Diagnosis) -> Tensor:
    """The variance of the noise at every pixel, by its own value; nan where neighbours share it.

    Also where noise was cut off at black or white: in tones that lie less than `CLEAR` deviations from either.
    """
    variance = torch.from_numpy(found.variance(noisy.numpy())).float()
    if found.correlated:
        return variance * float("nan")
    if found.clipped:
        tone, room = F.avg_pool2d(noisy, TONE, 1, TONE // 2, count_include_pad=False), CLEAR * variance.sqrt()
        variance[(tone < room) | (tone > 1 - room)] = float("nan")
    return variance
