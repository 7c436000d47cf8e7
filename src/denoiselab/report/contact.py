"""A contact sheet: what a run trains on, to look at before it is long."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data import PictureData
from denoiselab.io import Picture, write_picture
from denoiselab.report.grids import SIDE, centre
from denoiselab.units import to_uint8

ROWS, GAP = 6, 8
"""Scenes that are shown, and white pixels around each picture."""


def contact_sheet(data: PictureData, file: Path) -> None:
    """Write the middles of the first training scenes as a PNG, a row each; in it `shot0`, `shot1` and `clean`."""
    store = data.stores["train"]
    rows = [row(data, store.sample(i)) for i in range(min(ROWS, len(store)))]
    width = max(part.shape[2] for part in rows)
    sheet = torch.cat([F.pad(part, (0, width - part.shape[2]), value=255) for part in rows], 1)
    write_picture(file, Picture(sheet.permute(1, 2, 0).contiguous().numpy()))


def row(data: PictureData, layers: dict[str, Tensor]) -> Tensor:
    """The layers of a scene `(1, C, H, W)` side by side, uint8 `(3, h, w)`; noisy ones first."""
    order = sorted((name for name in layers if name not in ("aux", "label")), key=lambda name: (name == "clean", name))
    pictures = [centre(data.domain.measured(layers[name]), SIDE)[0].expand(3, -1, -1) for name in order]
    return torch.cat([F.pad(to_uint8(picture), (GAP, GAP, GAP, GAP), value=255) for picture in pictures], 2)
