"""The spectrum of the noise at every intensity, from the flattest blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from denoiselab.diagnosis.blocks import BASIS, SIDE, Blocks, Floats

LEVELS, PART, FEWEST = 6, 0.01, 32
"""Intensities that are told apart, with equally many blocks each; which part of these counts as flat, and how many."""
ORDER = np.add.outer(np.arange(SIDE), np.arange(SIDE))
EVEN, FINE = ORDER % 2 == 0, ORDER > SIDE
"""Every second frequency; and those at which pictures have the least of their own."""


@dataclass(frozen=True)
class Flat:
    """The noise in the flattest blocks of L = 6 intensities, in each of C channels; K = L C.

    intensity: `(K,)`, their mean.
    fine: `(K,)`, the noise's variance at the fine frequencies: all of its variance if it is white.
    apart: `(K,)`, the fine variance of the channels' differences over that of the channels: 1 where each has noise of
        its own, 0 where all have the same, and where there are no three.
    spectrum: `(K, 8, 8)`, the noise's variance at each frequency; the mean is its variance, white or not.
    """

    intensity: Floats
    fine: Floats
    apart: Floats
    spectrum: Floats


def flattest(blocks: Blocks) -> Flat:
    """The noise where the picture has next to nothing of its own.

    A block is chosen by some frequencies and measured at others, so that choosing the least energy makes none of the
    measured ones smaller: by the coarse for the fine ones (Ponomarenko et al. 2007; Colom and Buades 2013,
    doi:10.5201/ipol.2013.45), and, where the noise may be correlated, by every second one for those between.
    Channels choose together, for edges stand in all of them.
    """
    found = [
        measured(blocks, chosen, channel)
        for channel in range(blocks.means.shape[1])
        for chosen in np.array_split(np.argsort(blocks.means[:, channel]), LEVELS)
        if len(chosen)
    ]
    return Flat(*map(np.array, zip(*found, strict=True)))


def measured(blocks: Blocks, among: np.ndarray, channel: int) -> tuple[float, float, float, Floats]:
    """What `Flat` has of the flattest among some blocks, in one channel."""
    together, own = blocks.energies[among].sum(1), blocks.energies[among, channel]
    coarse = (ORDER > 0) & ~FINE
    flat = least(together[:, coarse].sum(1))
    fine = np.median(own[flat][:, FINE].mean(0))
    whole, differences = (part[among][flat][..., FINE] for part in (blocks.energies, blocks.differences))
    apart = differences.mean() / max(whole.mean(), 1e-20) if differences.size else 0.0
    spectrum = np.empty((SIDE, SIDE))
    for half in (EVEN, ~EVEN):
        by = least(together[:, coarse & ~half].sum(1))
        spectrum[half] = own[by].mean(0)[half]
    spectrum[0, 0] = (spectrum[0, 1] + spectrum[1, 0]) / 2  # that of the picture is in the way
    return float(blocks.means[among, channel][flat].mean()), float(fine), float(apart), spectrum


def least(energies: Floats) -> np.ndarray:
    """The places of the smallest of them."""
    count = min(len(energies), max(FEWEST, int(PART * len(energies))))
    return np.argpartition(energies, count - 1)[:count]


def whiteness(spectrum: Floats) -> Floats:
    """The highest frequencies' variance over the lowest ones', `(..., 8, 8)` -> `(...)`; 1 for white noise."""
    coarse, fine = (ORDER >= 2) & (ORDER <= 4), ORDER >= 11
    return np.asarray(spectrum[..., fine].mean(-1) / spectrum[..., coarse].mean(-1).clip(1e-20))


def usual(spectrum: Floats) -> Floats:
    """The variance at each intensity, `(K, 8, 8)` -> `(K,)`, by how the middle one of the frequencies stands there.

    Noise that follows the light does so at every frequency, texture is in the way of some of them.
    """
    middle = np.median(spectrum, 0)
    return np.asarray(np.median((spectrum / middle.clip(1e-20)).reshape(len(spectrum), -1), 1) * middle.mean())


def neighbours(spectrum: Floats) -> float:
    """The correlation of two pixels side by side, by the noise's spectrum `(8, 8)`; 0 for white noise.

    To 0.04: a block's frequencies are not quite uncorrelated.
    """
    beside = (BASIS[:, :-1] * BASIS[:, 1:]).mean(1) * SIDE
    return float((spectrum * (beside[:, None] + beside) / 2).sum() / max(spectrum.sum(), 1e-20))
