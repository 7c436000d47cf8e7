"""A contact sheet: what a run trains on, to look at before it is long."""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn import functional as F

from denoiselab.data import Data
from denoiselab.data.module import divisible, pictures
from denoiselab.data.store import centre
from denoiselab.report.grids import SIDE, Strip, compared, strips
from denoiselab.streams import Streams, mix

ROWS = 6
"""Scenes that are shown."""


def contact_sheet(data: Data, file: Path) -> None:
    """Draw the middles of the first training scenes, a row each: input, target, and the clean picture if it is known.

    Neither turned, mirrored nor shifted, else as the network sees them and the loss compares them. Where the target is
    of another kind (a class) or made of the input (Neighbor2Neighbor), it isn't shown; where nothing is a picture,
    nothing is drawn.
    """
    store = data.stores["train"]
    rows = [_row(data, number) for number in range(min(ROWS, len(store)))]
    if all(rows):
        strips([row for row in rows if row], file)


def _row(data: Data, number: int) -> Strip | None:
    store, show = data.stores["train"], data.domain.display
    middles = {
        name: value.cpu() if value.ndim < 4 else centre(value.cpu(), SIDE)
        for name, value in store.sample(number).items()
    }
    known = pictures(divisible(middles, data.degradation.scale), torch.tensor([number]))
    batch = data.supervision(known, data.degradation, Streams([mix(data.seed, "example", store.keys[number])]))
    layers = {"input": batch.observation.value, "target": batch.target, "clean": batch.clean}
    if batch.clean is batch.target or batch.neighbours is not None:
        del layers["target"]
    found = {name: layer for name, layer in layers.items() if layer is not None and layer.ndim == 4}
    if show is None or "input" not in found:
        return None
    size = max((layer.shape[-2:] for layer in found.values()), key=tuple)
    shown = {name: F.interpolate(show(layer).float(), size=size, mode="nearest") for name, layer in found.items()}
    return compared(shown, {"input": store.names[number]})
