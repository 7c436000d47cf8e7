"""A camera's noise on paper: the yaml to train on, and the variance against the intensity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from denoiselab.diagnosis.camera import Camera
from denoiselab.drafts import atomic
from denoiselab.report.figures import BLUE, FAINT, ORANGE, save
from denoiselab.units import std_from_sigma

UNLIKE = 1.5
"""How often the level of the weakest recording the strongest may have."""


def described(camera: Camera, names: Sequence[str]) -> list[str]:
    """What was measured, in lines; levels on the 8-bit scale.

    names: of the recordings.
    """
    sigma = camera.knots / std_from_sigma(1)
    level = f"sigma {sigma[0]:.2f} at black, {sigma[len(sigma) // 2]:.2f} at middle gray, {sigma[-1]:.2f} at white"
    photons = f", {1 / camera.gain:.0f} photons at white" if camera.gain > 0 else ""
    law = f"gain {camera.gain:.3g} of white{photons}, read noise of sigma {camera.black**0.5 / std_from_sigma(1):.2f}"
    bent = "the variance isn't a sensor's line (pictures that a camera has developed): taken as it was seen"
    seen = f"seen from {camera.light[0]:.2f} to {camera.light[-1]:.2f} of white"
    more = f"{seen} only, taken for all: add exposures of other brightness"
    shared = ", ".join(f"{value:.2f}" for value in camera.neighbours)
    return [
        level,
        *([more] if camera.narrow else [law if camera.straight else bent, seen]),
        f"shared with the pixel 1, 2, … pixels away: {shared}" if shared else "white: neighbours share nothing of it",
        f"shared between the channels: {camera.channels:.2f}",
        "clipped at black and white" if camera.clipped else "not clipped",
        *unlike(camera, names),
    ]


def unlike(camera: Camera, names: Sequence[str]) -> list[str]:
    """A line, where recordings are of different levels."""
    (low, weak), (high, strong) = (pick(zip(camera.levels, names, strict=True)) for pick in (min, max))
    if high < UNLIKE * low:
        return []
    return [
        f"this is the mean of unlike noise, {low:.2f} of it in {weak}, {high:.2f} in {strong}: "
        "measure each camera at each ISO alone, with their pictures in folders of their own"
    ]


def write_noise(camera: Camera, file: Path, lines: Sequence[str]) -> None:
    """Write the noise as `conf/noise` has it, under lines on what was measured."""
    node = {
        "_target_": "denoiselab.degradations.Calibrated",
        "sigma": [round(float(std) / std_from_sigma(1), 3) for std in camera.knots],
        "strength": 1,
        "neighbours": [round(value, 3) for value in camera.neighbours],
        "channels": round(camera.channels, 3),
        "clip": camera.clipped,
    }
    head = "".join(f"# {line}\n" for line in lines)
    with atomic(file) as draft:
        draft.write_text(head + yaml.safe_dump(node, sort_keys=False, default_flow_style=None), encoding="utf-8")


def plot_variance(camera: Camera, file: Path) -> None:
    """Draw the variance against the intensity: as it was seen, the sensor's line, and what is trained on."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axis, scale = figure.subplots(), std_from_sigma(1) ** 2
    light, knots = np.linspace(0, 1, 200), np.linspace(0, 1, len(camera.knots))
    axis.plot(camera.light, camera.std**2 / scale, "o", color=BLUE, markersize=4, label="measured")
    axis.plot(light, camera.line(light) ** 2 / scale, "--", color=FAINT, label="black + gain · intensity")
    axis.plot(knots, camera.knots**2 / scale, color=ORANGE, label="what is trained on")
    for unseen in ((0, camera.light[0]), (camera.light[-1], 1)):
        axis.axvspan(*unseen, color=FAINT, alpha=0.12, linewidth=0, label="never seen" if unseen[0] == 0 else None)
    axis.set_xlabel("intensity, from black to white")
    axis.set_ylabel("variance of the noise (8-bit scale)")
    axis.set_xlim(0, 1)
    axis.set_ylim(bottom=0)
    axis.grid(True, color="#dddddd", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    figure.legend(frameon=False, loc="outside upper center", ncols=4)
    save(figure, file, 150)
