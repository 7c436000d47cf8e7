"""Plots over a sweep's axes: PSNR against noise level, depth and size, a line for each architecture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denoiselab.report.figures import save
from denoiselab.sweep.leaderboard import FIGURE, SPREAD, results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIGMA, NOISY = "noise.sigma", "noisy PSNR dB"
COLOURS = ("#1f6fb2", "#d1622b", "#3a8a4d", "#8a4fa3", "#777777", "#b8922f")
PLOTS = {
    "sigma": (SIGMA, "noise level, sigma"),
    "depth": ("model.depth", "depth"),
    "parameters": ("parameters", "parameters"),
}


@dataclass(frozen=True)
class Point:
    """A finished job, or the mean over its seeds: `psnr` and `noisy` in dB, `spread` the deviation over seeds."""

    model: str
    sigma: float | None
    x: float
    psnr: float
    spread: float
    noisy: float | None


def draw(sweep: Path) -> list[Path]:
    """Draw what the sweep's jobs have two values of, as `NAME.png` in its folder; the files."""
    rows, drawn = results(sweep), []
    for name, (key, label) in PLOTS.items():
        points = [point for row in rows if (point := _point(row, key))]
        if len({point.x for point in points}) > 1:
            _figure(points, label, log=name == "parameters", by_sigma=key != SIGMA, file=sweep / f"{name}.png")
            drawn.append(sweep / f"{name}.png")
    return drawn


def best(points: Sequence[Point]) -> list[Point]:
    """Of the points with the same x the highest, in the order of x: what the architecture can do there."""
    highest = {point.x: point for point in sorted(points, key=lambda point: point.psnr)}
    return [highest[x] for x in sorted(highest)]


def _point(row: dict[str, Any], key: str) -> Point | None:
    axes, figures = row["axes"], row["figures"]
    x = _number(figures.get(key, axes.get(key)))
    if x is None or FIGURE not in figures:
        return None
    model, sigma = axes.get("model", axes.get("model._target_", "")), _number(axes.get(SIGMA))
    return Point(model, sigma, x, figures[FIGURE], figures.get(SPREAD, 0.0), figures.get(NOISY))


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _figure(points: Sequence[Point], label: str, *, log: bool, by_sigma: bool, file: Path) -> None:
    """One panel, or one for each noise level, which would hide all else."""
    from matplotlib.figure import Figure

    sigmas = sorted({point.sigma for point in points if point.sigma is not None}) if by_sigma else []
    panels = [[p for p in points if p.sigma == sigma] for sigma in sigmas] if len(sigmas) > 1 else [points]
    figure = Figure(figsize=(1.2 + 3.6 * len(panels), 3.6), layout="constrained")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    models = sorted({point.model for point in points})
    for axis, shown in zip(axes, panels, strict=True):
        _panel(axis, shown, models)
        axis.set_xlabel(label)
        if log:
            axis.set_xscale("log")
        if len(panels) > 1:
            axis.set_title(f"sigma {shown[0].sigma:g}", size=10)
    if not by_sigma:
        noisy = {point.x: point.noisy for point in points if point.noisy is not None}
        axes[0].plot(sorted(noisy), [noisy[x] for x in sorted(noisy)], "--", color="#999999", label="noisy")
    axes[0].set_ylabel("PSNR (dB)")
    if len(axes[0].get_legend_handles_labels()[1]) > 1:
        axes[0].legend(frameon=False)
    save(figure, file, 150)


def _panel(axis: Axes, points: Sequence[Point], models: Sequence[str]) -> None:
    """A line through each architecture's best jobs, its deviation over seeds, and every other job as a dot."""
    for number, model in enumerate(models):
        mine, colour = [point for point in points if point.model == model], COLOURS[number % len(COLOURS)]
        top = best(mine)
        axis.plot([p.x for p in mine], [p.psnr for p in mine], ".", color=colour, alpha=0.4)
        axis.errorbar(
            [p.x for p in top], [p.psnr for p in top], yerr=[p.spread for p in top],
            color=colour, marker="o", markersize=4, capsize=2, linewidth=1.4, label=model or "network",
        )  # fmt: skip
    axis.grid(True, color="#dddddd", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
