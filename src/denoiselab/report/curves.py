"""The curves of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from denoiselab import domains
from denoiselab.domains import FIGURES
from denoiselab.report.figures import BLUE, FAINT, ORANGE, save
from denoiselab.report.tables import read_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
