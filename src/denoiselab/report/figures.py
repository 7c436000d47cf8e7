"""Figures: pictures side by side, and the curves of a run. Matplotlib's objects, without its global state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab import domains
from denoiselab.domains import FIGURES
from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.report.tables import read_rows
from denoiselab.units import std_from_sigma, to_uint8

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = 256
DPI = 100
INK, FAINT, BLUE, ORANGE = "#222222", "#777777", "#1f6fb2", "#d1622b"


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


def centre(picture: Tensor, side: int = SIDE) -> Tensor:
    """`(..., H, W)` -> at most the central `side` pixels each way."""
    top, left = ((length - min(length, side)) // 2 for length in picture.shape[-2:])
    return picture[..., top : top + side, left : left + side]


def picture_grid(rows: Sequence[Row], path: Path) -> None:
    """Draw clean, noisy, restored and noisy − restored side by side, one row a picture, pixel for pixel.

    Pictures are cropped to the central 256 pixels; those under half of it are enlarged by a whole factor.
    """
    from matplotlib.figure import Figure

    if not rows:
        raise UserError("a picture grid needs at least one picture: none was restored")
    shown = [views(row.clean, row.noisy, row.restored) for row in rows]
    factor = max(1, SIDE // max(max(p.shape[:2]) for pictures, _ in shown for p in pictures.values()))
    heads = max((list(pictures) for pictures, _ in shown), key=len)
    grids = [{name: _enlarged(p, factor) for name, p in pictures.items()} for pictures, _ in shown]
    cell = max(max(p.shape[1] for g in grids for p in g.values()), 150)
    margin, gap, head, foot = 20, 8, 30, 38
    width = 2 * margin + len(heads) * (cell + gap) - gap
    height = margin + head + sum(g["restored"].shape[0] + foot for g in grids)
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
    left = {name: margin + i * (cell + gap) for i, name in enumerate(heads)}
    top = height - margin // 2 - head
    for name in heads:
        _text(figure, left[name], top + head // 2, name, 11, INK)
    for row, grid, (_, scale) in zip(rows, grids, shown, strict=True):
        bottom = top - grid["restored"].shape[0]
        for name, picture in grid.items():
            figure.figimage(picture, xo=left[name], yo=bottom, origin="upper")
        _text(figure, left[heads[0]], bottom - 13, shortened(row.name, cell), 9, INK)
        _text(figure, left["restored"], bottom - 13, row.caption, 9, INK)
        _text(figure, left["noisy − restored"], bottom - 13, f"mid-gray ± {scale:.2g}", 9, FAINT)
        top = bottom - foot
    save(figure, path, DPI)


def shortened(text: str, pixels: int) -> str:
    """A text cut to about a width in pixels at the size of the captions."""
    most = pixels // 7
    return text if len(text) <= most else text[: most - 1] + "…"


def _enlarged(picture: Tensor, factor: int) -> np.ndarray:
    return np.kron(picture.numpy(), np.ones((factor, factor, 1), np.uint8))


def _text(figure: Figure, x: float, y: float, text: str, size: int, color: str) -> None:
    width, height = figure.get_size_inches() * DPI
    figure.text(x / width, y / height, text, size=size, color=color, va="center", parse_math=False)


def save(figure: Figure, path: Path, dpi: int) -> None:
    """Write a figure as PNG, all of it or nothing."""
    with atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=dpi)


def curves(metrics_csv: Path, path: Path) -> None:
    """Draw the loss (as logged, and smoothed) and the validation's figure of a run against the step.

    A run that was too short to log either gets no figure.
    """
    from matplotlib.figure import Figure

    draws = {"loss": _draw_loss} | {f"val/{kind.name}": partial(_draw_figure, kind) for kind in FIGURES}
    plots = [(draw, found) for name, draw in draws.items() if (found := series(metrics_csv, name))[0]]
    if not plots:
        return
    figure = Figure(figsize=(7, 2.7 * len(plots)), layout="constrained")
    axes = figure.subplots(len(plots), 1, sharex=True, squeeze=False)[:, 0]
    for axis, (draw, (steps, values)) in zip(axes, plots, strict=True):
        draw(axis, steps, values)
        axis.grid(True, color="#dddddd", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlabel("step")
    axes[-1].xaxis.set_major_formatter("{x:,.0f}")
    save(figure, path, 150)


def series(metrics_csv: Path, name: str) -> tuple[list[int], list[float]]:
    """The steps at which a metric was logged, and its finite values there."""
    _, rows = read_rows(metrics_csv)
    pairs = [(int(row["step"]), float(row[name])) for row in rows if row.get(name)]
    finite = [(step, value) for step, value in pairs if math.isfinite(value)]
    return [step for step, _ in finite], [value for _, value in finite]


def smoothed(values: Sequence[float], width: float) -> list[float]:
    """Weighted mean of each value's neighbours, those `width` away counting 1/e; it doesn't lag behind the values."""
    keep = math.exp(-1 / max(width, 0.1))
    ahead, behind = _decayed(values, keep), _decayed(values[::-1], keep)[::-1]
    pairs = zip(values, ahead, behind, strict=True)
    return [(a[0] + b[0] - value) / (a[1] + b[1] - 1) for value, a, b in pairs]


def _decayed(values: Sequence[float], keep: float) -> list[tuple[float, float]]:
    """For each value the sum of it and all before it with decaying weights, and the sum of the weights."""
    total, weight, out = 0.0, 0.0, []
    for value in values:
        total, weight = keep * total + value, keep * weight + 1
        out.append((total, weight))
    return out


def _draw_loss(axis: Axes, steps: list[int], values: list[float]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    axis.plot(steps, values, color=BLUE, alpha=0.25, linewidth=0.8, label="as logged")
    axis.plot(steps, smoothed(values, len(values) / 100), color=BLUE, linewidth=1.6, label="smoothed")
    if min(values) > 0:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(NullFormatter())
    axis.set_ylabel("training loss")
    axis.legend(frameon=False, loc="upper right")


def _draw_figure(kind: domains.Figure, axis: Axes, steps: list[int], values: list[float]) -> None:
    best = (max if kind.best == "max" else min)(range(len(values)), key=values.__getitem__)
    axis.plot(steps, values, color=ORANGE, marker="o", markersize=3, linewidth=1.4)
    axis.set_ylabel(f"validation {kind.label}")
    axis.set_title(f"best {kind.form.format(values[best])} at step {steps[best]:,}", loc="right", size=9, color=FAINT)
