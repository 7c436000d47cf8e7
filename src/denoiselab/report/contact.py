"""A contact sheet: what a run trains on, to look at before it is long."""

from __future__ import annotations

from pathlib import Path

from denoiselab.data import PictureData
from denoiselab.report.grids import Strip, compared, strips

ROWS, LAYERS = 6, ("shot0", "shot1", "clean")
"""Scenes that are shown, and what of each."""


def contact_sheet(data: PictureData, file: Path) -> None:
    """Draw the middles of the first training scenes, a row each: the noisy shots, and the clean picture."""
    store = data.stores["train"]
    strips([_row(data, number) for number in range(min(ROWS, len(store)))], file)


def _row(data: PictureData, number: int) -> Strip:
    store = data.stores["train"]
    layers = {name: data.domain.measured(value) for name, value in store.sample(number).items() if name in LAYERS}
    order = sorted(layers, key=LAYERS.index)
    return compared({name: layers[name] for name in order}, {order[0]: store.names[number]})
