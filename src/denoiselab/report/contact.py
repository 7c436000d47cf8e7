"""A contact sheet: what a run trains on, to look at before it is long."""

from __future__ import annotations

from pathlib import Path

import torch
from torch.nn import functional as F

from denoiselab.data import PictureData
from denoiselab.data.module import divisible, pictures
from denoiselab.data.store import centre
from denoiselab.report.grids import SIDE, Strip, compared, strips
from denoiselab.streams import Streams, mix

ROWS = 6
"""Scenes that are shown."""


def contact_sheet(data: PictureData, file: Path) -> None:
    """Draw the middles of the first training scenes, a row each: input, target, and the clean picture if it is known.

    Neither turned nor mirrored, else as the network sees them and the loss compares them.
    """
    store = data.stores["train"]
    strips([_row(data, number) for number in range(min(ROWS, len(store)))], file)


def _row(data: PictureData, number: int) -> Strip:
    store = data.stores["train"]
    middles = {name: centre(value.cpu(), SIDE) for name, value in store.sample(number).items()}
    known = pictures(divisible(middles, data.degradation.scale), torch.tensor([number]))
    batch = data.supervision(known, data.degradation, Streams([mix(data.seed, "example", store.keys[number])]))
    layers = {"input": batch.observation.value, "target": batch.target, "clean": batch.clean}
    if batch.clean is batch.target:
        del layers["target"]
    size = batch.target.shape[-2:]
    shown = {
        name: F.interpolate(data.domain.measured(layer).float(), size=size, mode="nearest")
        for name, layer in layers.items()
        if layer is not None
    }
    return compared(shown, {"input": store.names[number]})
