"""Noise that is known, recording by recording: its spread at every intensity, and what its neighbours share of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from denoiselab.diagnosis.blocks import Floats
from denoiselab.diagnosis.clipping import part_cut
from denoiselab.errors import UserError

BINS, REACH, ENOUGH, SQUARE = 64, 4, 500, 32
"""Intensities that are told apart; how many pixels away neighbours are asked; values that an intensity has to have;
pixels along a side over which a frame of an even surface counts as a plane."""


@dataclass(frozen=True)
class Recording:
    """What a frame recorded, and what it should have; values in [0, 1].

    light: `(H, W, C)` the scene without noise.
    noise: `(H, W, C)`, what the frame has more than that.
    used: `(H, W)`, where the two may be compared.
    cut: part of the frame's values that lie at black or white.
    """

    light: Floats
    noise: Floats
    used: NDArray[np.bool_]
    cut: float


@dataclass
class Tally:
    """Sums over recordings.

    sums: `(3, BINS)`, over the values of each intensity: their number, the noise, its square; `light` their intensity.
    shared: products of the noise, scaled to variance 1, with that k pixels away, and how many; k = 0 is the pixel's.
    between: the same between channels.
    own: each recording's part of `sums`.
    """

    sums: Floats = field(default_factory=lambda: np.zeros((3, BINS)))
    light: Floats = field(default_factory=lambda: np.zeros(BINS))
    shared: Floats = field(default_factory=lambda: np.zeros((2, REACH + 1)))
    between: Floats = field(default_factory=lambda: np.zeros(2))
    cut: list[float] = field(default_factory=list)
    own: list[Floats] = field(default_factory=list)

    def add(self, recording: Recording) -> None:
        """Count a recording in."""
        bins = np.clip(recording.light * BINS, 0, BINS - 1).astype(int)
        used = np.broadcast_to(recording.used[..., None], recording.light.shape)
        where, noise = bins[used], recording.noise[used].astype(float)
        own = np.array([np.bincount(where, weights, BINS) for weights in (np.ones_like(noise), noise, noise**2)])
        self.sums += own
        self.own.append(own)
        self.light += np.bincount(where, recording.light[used], BINS)
        self.cut.append(recording.cut)
        mean, std = moments(own)
        scaled = np.where(used & (own[0] >= ENOUGH)[bins], (recording.noise - mean[bins]) / std[bins], 0)
        self._neighbours(scaled, (scaled != 0).astype(float))

    def _neighbours(self, noise: Floats, there: Floats) -> None:
        for away in range(REACH + 1):
            for axis in (0, 1):
                one, other = (np.moveaxis(part, axis, 0) for part in (noise, there))
                keep = len(one) - away
                self.shared[0, away] += (one[:keep] * one[away:]).sum()
                self.shared[1, away] += (other[:keep] * other[away:]).sum()
        for a, b in combinations(range(noise.shape[2]), 2):
            self.between += (noise[..., a] * noise[..., b]).sum(), (there[..., a] * there[..., b]).sum()

    @property
    def values(self) -> NDArray[np.bool_]:
        """The intensities of which there are enough values."""
        return np.asarray(self.sums[0] >= ENOUGH)


def moments(sums: Floats) -> tuple[Floats, Floats]:
    """The noise's mean and std at each intensity."""
    count = sums[0].clip(1)
    mean = sums[1] / count
    return mean, np.sqrt((sums[2] / count - mean**2).clip(1e-12))


def of_pair(noisy: Floats, clean: Floats) -> Recording:
    """A frame and its clean picture `(H, W, C)`; used where the picture is flatter than at half of its places."""
    edges = np.hypot(*np.gradient(clean.mean(2)))
    return Recording(clean, noisy - clean, edges <= np.median(edges), part_cut([noisy]))


def of_burst(frames: list[Floats]) -> list[Recording]:
    """Frames of one still scene, against their mean, which holds 1/n of the noise of each of n."""
    mean = np.mean(frames, 0)
    more, used = np.sqrt(len(frames) / (len(frames) - 1)), np.ones(mean.shape[:2], bool)
    return [Recording(mean, (frame - mean) * more, used, part_cut([frame])) for frame in frames]


def of_flat(frame: Floats) -> Recording:
    """A frame of nothing (a dark one) or of an even surface, against the plane through each square of it.

    Raises:
        UserError: it is smaller than such a square.
    """
    if min(frame.shape[:2]) < SQUARE:
        raise UserError(f"too few pixels: frames of at least {SQUARE} x {SQUARE} are needed")
    height, width = (size // SQUARE * SQUARE for size in frame.shape[:2])
    squares = frame[:height, :width].reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE, -1)
    ramp = (np.arange(SQUARE) - (SQUARE - 1) / 2) / np.sqrt(SQUARE * (SQUARE**2 - 1) / 12)
    down, right = ramp[:, None, None, None], ramp[:, None]
    light = squares.mean((1, 3), keepdims=True)
    for slope in (down, right):
        light = light + slope * (squares * slope).sum((1, 3), keepdims=True) / SQUARE
    light = light.reshape(height, width, -1)
    noise = (
        (frame[:height, :width] - light) * SQUARE / np.sqrt(SQUARE**2 - 3)
    )  # three numbers were fitted to each square
    return Recording(light, noise, np.ones((height, width), bool), part_cut([frame]))
