"""A camera's noise: gain, read noise, what neighbours and channels share, clipping; fitted to known noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from denoiselab.diagnosis.blocks import Floats
from denoiselab.diagnosis.clipping import unclipped
from denoiselab.diagnosis.tally import Tally, moments
from denoiselab.errors import UserError

KNOTS, ROUNDS, STRAIGHT, HEARD, CUT, NARROW = 17, 20, 0.1, 0.02, 0.005, 0.1
"""Intensities at which the noise is written down; rounds of the fit; how far, relative, the stds may lie off the line;
correlations that count; the part of the values at black or white from which noise counts as clipped; and the range of
intensities that is too small for a line."""


@dataclass(frozen=True, kw_only=True)
class Camera:
    """The noise of a camera, on pictures in [0, 1].

    light, std, count: `(K,)`, the noise's std at the intensities that were seen, and by how many values.
    gain, black: variance = black + gain · intensity, as a sensor's is; straight: whether the camera's is.
    levels: each recording's noise beside the camera's at the same intensities, 1 if as strong.
    neighbours: the correlation with the pixel 1, 2, ... pixels away; channels: between the channels.
    """

    light: Floats
    std: Floats
    count: Floats
    gain: float
    black: float
    straight: bool
    levels: tuple[float, ...]
    neighbours: tuple[float, ...]
    channels: float
    clipped: bool

    @property
    def narrow(self) -> bool:
        """Whether so few intensities were seen that nothing is known of the others."""
        return float(self.light[-1] - self.light[0]) < NARROW

    @property
    def knots(self) -> Floats:
        """The std at equal steps from black to white: on the line if the camera's is straight, else as seen around."""
        places = np.linspace(0, 1, KNOTS)
        if self.straight and not self.narrow:
            return self.line(places)
        weight = self.count * (1 - (KNOTS - 1) * np.abs(places[:, None] - self.light)).clip(0)
        near = weight.any(1)
        variance = weight[near] @ self.std**2 / weight[near].sum(1)
        return np.sqrt(np.interp(places, places[near], variance))

    def line(self, light: Floats) -> Floats:
        """The std of a sensor of this gain and read noise."""
        return np.sqrt((self.black + self.gain * light).clip(0))


def fit(tally: Tally) -> Camera:
    """The camera behind the noise.

    Raises:
        UserError: too little of it.
    """
    seen = tally.values
    if not seen.any():
        raise UserError("too few pixels: add frames, or larger ones")
    if not tally.shared[0][0] > 0:
        raise UserError("there is no noise in these pictures: take them as the camera made them, each on its own")
    count = tally.sums[0, seen]
    mean, std = (part[seen] for part in moments(tally.sums))
    light, levels = tally.light[seen] / count, tuple(level(own[:, seen], std) for own in tally.own)
    cut = float(np.mean(tally.cut))
    if cut > 0:
        before = [unclipped(*pair) for pair in zip((light + mean).tolist(), std.tolist(), strict=True)]
        std = np.array([spread for _, spread in before])
    black, gain = line_of(light, std**2, count)
    off = np.sqrt((black + gain * light).clip(0)) / std - 1
    lags = tally.shared[0] / tally.shared[1].clip(1)
    return Camera(
        light=light,
        std=std,
        count=count,
        gain=gain,
        black=black,
        straight=gain >= 0 and black >= 0 and float(np.sqrt(np.average(off**2, weights=count))) < STRAIGHT,
        levels=levels,
        neighbours=heard((lags[1:] / lags[0]).tolist()),
        channels=float(np.clip(tally.between[0] / max(tally.between[1], 1) / lags[0], 0, 0.99)),
        clipped=cut > CUT,
    )


def level(own: Floats, std: Floats) -> float:
    """How strong a recording's noise is beside stds, both at each intensity."""
    expected = float((own[0] * std**2).sum())
    return float(np.sqrt((own[0] * moments(own)[1] ** 2).sum() / expected)) if expected else 1.0


def line_of(light: Floats, variance: Floats, count: Floats) -> tuple[float, float]:
    """Variance at black and its gain, by weighted least squares: of n values it is known to 2 / n of its square.

    With one intensity there is no gain. A read noise below 0 counts as none.
    """
    if len(light) < 2:
        return float(variance[0]), 0.0
    expected, sides = variance, np.stack([np.ones_like(light), light], 1)
    for _ in range(ROUNDS):
        weight = np.sqrt(count) / expected.clip(1e-12)
        black, gain = np.linalg.lstsq(sides * weight[:, None], variance * weight, rcond=None)[0]
        if black < 0:
            black, gain = 0.0, float((weight**2 * light * variance).sum() / (weight**2 * light**2).sum())
        expected = (black + gain * light).clip(variance.min() / 4)
    return float(black), float(gain)


def heard(correlations: list[float]) -> tuple[float, ...]:
    """Those up to the last that counts."""
    last = max((i + 1 for i, value in enumerate(correlations) if abs(value) >= HEARD), default=0)
    return tuple(correlations[:last])
