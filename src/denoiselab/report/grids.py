"""Pictures side by side. Matplotlib's objects, without its global state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data.store import centre
from denoiselab.errors import UserError
from denoiselab.report.figures import INK, save
from denoiselab.units import std_from_sigma, to_uint8

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 256
DPI = 100
PLACES = "places"
"""Under which name a file says where its pictures stand."""


@dataclass(frozen=True)
class Row:
    """One line of a grid. Pictures are `(C, H, W)` or `(1, C, H, W)` in [0, 1]; the caption stands under `restored`."""

    name: str
    clean: Tensor | None
    noisy: Tensor
    restored: Tensor
    caption: str = ""


def views(clean: Tensor | None, noisy: Tensor, restored: Tensor, side: int = SIDE) -> tuple[dict[str, Tensor], float]:
    """What a person looks at: uint8 pictures `(H, W, 3)` by name, and the scale of the last one.

    The last one, `noisy − restored`, is what the network took away, around mid-gray: black and white stand for
    minus and plus the scale. It isn't the true residual `noisy − clean`, which has no trace of the picture. A noisy
    picture smaller than the restored one (super-resolution) is enlarged without smoothing. At most the central
    `side` pixels each way.
    """
    given = {"clean": clean, "noisy": noisy, "restored": restored}
    pictures = {name: displayable(picture) for name, picture in given.items() if picture is not None}
    size = pictures["restored"].shape[-2:]
    if pictures["noisy"].shape[-2:] != size:
        pictures["noisy"] = F.interpolate(pictures["noisy"][None], size=size, mode="nearest")[0]
    pictures = {name: centre(picture, side) for name, picture in pictures.items()}
    taken = pictures["noisy"] - pictures["restored"]
    scale = max(float(taken.abs().flatten().quantile(0.995)), std_from_sigma(1.0))
    pictures["noisy − restored"] = 0.5 + taken / (2 * scale)
    return {name: to_uint8(picture).permute(1, 2, 0).contiguous() for name, picture in pictures.items()}, scale


def displayable(picture: Tensor) -> Tensor:
    """Any picture -> finite float32 `(3, H, W)` on the CPU; of other than 1 or 3 channels the first is shown."""
    picture = picture.detach().float().cpu()
    picture = picture[0] if picture.ndim == 4 else picture
    picture = picture if picture.shape[0] in (1, 3) else picture[:1]
    return torch.nan_to_num(picture, nan=0.0, posinf=1.0, neginf=0.0).expand(3, -1, -1)


def picture_grid(rows: Sequence[Row], path: Path) -> None:
    """Draw clean, noisy, restored and noisy − restored side by side, one row a picture; see `strips`."""
    strips([_strip(row) for row in rows], path)


def _strip(row: Row) -> Strip:
    pictures, scale = views(row.clean, row.noisy, row.restored)
    first = next(iter(pictures))
    notes = {first: row.name, "restored": row.caption, "noisy − restored": f"mid-gray ± {scale:.2g}"}
    return Strip(pictures, notes)


@dataclass(frozen=True)
class Strip:
    """One line of a figure: uint8 pictures `(H, W, 3)` of one size, by what they are, and what stands under them."""

    pictures: Mapping[str, Tensor]
    captions: Mapping[str, str]


def compared(pictures: Mapping[str, Tensor], captions: Mapping[str, str], side: int = SIDE) -> Strip:
    """Pictures `(1, C, H, W)` in [0, 1] as a strip, at most their central `side` pixels each way."""
    shown = {name: to_uint8(centre(displayable(one), side)).permute(1, 2, 0) for name, one in pictures.items()}
    return Strip(shown, captions)


def strips(rows: Sequence[Strip], path: Path) -> None:
    """Draw pictures side by side, pixel for pixel, one row a strip; those under 128 pixels larger by a whole factor.

    The file says where each picture stands: `read_strips` has them back.
    """
    from matplotlib.figure import Figure

    if not rows:
        raise UserError("a picture grid needs at least one picture: none was restored")
    factor = max(1, SIDE // max(max(picture.shape[:2]) for row in rows for picture in row.pictures.values()))
    grids = [{name: _enlarged(picture, factor) for name, picture in row.pictures.items()} for row in rows]
    heads = max((list(grid) for grid in grids), key=len)
    heights = [max(picture.shape[0] for picture in grid.values()) for grid in grids]
    cell = max(max(p.shape[1] for g in grids for p in g.values()), 150)
    margin, gap, head, foot = 20, 8, 30, 38
    width = 2 * margin + len(heads) * (cell + gap) - gap
    height = margin + head + sum(tall + foot for tall in heights)
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
    left = {name: margin + i * (cell + gap) for i, name in enumerate(heads)}
    top = height - margin // 2 - head
    for name in heads:
        _text(figure, left[name], top + head // 2, shortened(name, cell), 11, INK)
    places = []
    for row, grid, tall in zip(rows, grids, heights, strict=True):
        bottom = top - tall
        for name, picture in grid.items():
            figure.figimage(picture, xo=left[name], yo=bottom, origin="upper")
        boxes = {name: [left[name], height - bottom - len(p), *p.shape[1::-1]] for name, p in grid.items()}
        places.append({"captions": dict(row.captions), "boxes": boxes})
        for name, caption in row.captions.items():
            _text(figure, left[name], bottom - 13, shortened(caption, cell), 9, INK)
        top = bottom - foot
    save(figure, path, DPI, {PLACES: json.dumps({"factor": factor, "rows": places})})


def read_strips(path: Path) -> list[Strip]:
    """What `strips` drew, pixel for pixel; nothing where it didn't say so or isn't there."""
    if not path.is_file():
        return []
    with Image.open(path) as drawn:
        said = json.loads(drawn.info.get(PLACES, '{"factor": 1, "rows": []}'))
        pixels = np.array(drawn.convert("RGB"))
    step = said["factor"]
    return [
        Strip(
            {
                n: torch.from_numpy(pixels[y : y + h : step, x : x + w : step])
                for n, (x, y, w, h) in row["boxes"].items()
            },
            row["captions"],
        )
        for row in said["rows"]
    ]


def shortened(text: str, pixels: int) -> str:
    """A text, its middle left out, of about a width in pixels at the size of the captions."""
    most = pixels // 7
    return text if len(text) <= most else text[: most // 2 - 1] + "…" + text[-(most - most // 2) :]


def _enlarged(picture: Tensor, factor: int) -> np.ndarray:
    return np.kron(picture.numpy(), np.ones((factor, factor, 1), np.uint8))


def _text(figure: Figure, x: float, y: float, text: str, size: int, color: str) -> None:
    width, height = figure.get_size_inches() * DPI
    figure.text(x / width, y / height, text, size=size, color=color, va="center", parse_math=False)
