"""PSNR against noise level, depth and size, a line for each restorer or architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from denoiselab.report.figures import COLOURS, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIGMA, DEPTH, PARAMETERS = "sigma", "depth", "parameters"
LABELS = {SIGMA: "noise level, sigma", DEPTH: "depth", PARAMETERS: "parameters"}


@dataclass(frozen=True)
class Point:
    """One figure at one place.

    line: what it is joined with, an architecture or a restorer.
    sigma: its noise level; there is a panel for each, unless the level is the place itself.
    psnr, noisy, spread: in dB, of the restored and the noisy picture, and the deviation over seeds.
    name: whose figure it is, where its line and place don't say so.
    """

    line: str
    sigma: float | None
    x: float
    psnr: float
    spread: float = 0.0
    noisy: float | None = None
    name: str = ""


def draw(plots: Mapping[str, Sequence[Point]], folder: Path) -> list[Path]:
    """Draw each plot (a key of `LABELS`) that has two places, as `NAME.png` in a folder; the files."""
    files = {name: folder / f"{name}.png" for name in drawable(plots)}
    for name, file in files.items():
        _figure(plots[name], name, file)
    return list(files.values())


def drawable(plots: Mapping[str, Sequence[Point]]) -> list[str]:
    """The plots that have two places: one alone shows nothing."""
    return [name for name, points in plots.items() if len({point.x for point in points}) > 1]


def panels(points: Sequence[Point], name: str) -> dict[str, list[Point]]:
    """The points of one plot, or of one for each noise level, which would hide all else, by their titles."""
    sigmas = sorted({point.sigma for point in points if point.sigma is not None}) if name != SIGMA else []
    if len(sigmas) < 2:
        return {"": list(points)}
    return {f"sigma {sigma:g}": [point for point in points if point.sigma == sigma] for sigma in sigmas}


def best(points: Sequence[Point]) -> list[Point]:
    """Of the points with the same x the highest, in the order of x: what the architecture can do there."""
    highest = {point.x: point for point in sorted(points, key=lambda point: point.psnr)}
    return [highest[x] for x in sorted(highest)]


def _figure(points: Sequence[Point], name: str, file: Path) -> None:
    from matplotlib.figure import Figure

    shown = panels(points, name)
    figure = Figure(figsize=(1.2 + 3.6 * len(shown), 3.6), layout="constrained")
    axes = figure.subplots(1, len(shown), squeeze=False)[0]
    lines = sorted({point.line for point in points})
    for axis, (title, mine) in zip(axes, shown.items(), strict=True):
        _panel(axis, mine, lines)
        axis.set_xlabel(LABELS[name])
        _places(axis, name, [point.x for point in mine])
        axis.set_title(title, size=10)
    if name == SIGMA:
        noisy = {point.x: point.noisy for point in points if point.noisy is not None}
        axes[0].plot(sorted(noisy), [noisy[x] for x in sorted(noisy)], "--", color="#999999", label="noisy")
    axes[0].set_ylabel("PSNR (dB)")
    if len(axes[0].get_legend_handles_labels()[1]) > 1:
        axes[0].legend(frameon=False)
    save(figure, file, 150)


def _places(axis: Axes, name: str, places: Sequence[float]) -> None:
    """Depths at whole numbers; parameters by their logarithm, in thousands and millions."""
    from matplotlib.ticker import EngFormatter, MaxNLocator, NullFormatter

    if name == DEPTH:
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    if name == PARAMETERS:
        axis.set_xscale("log")
        if max(places) < 10 * min(places):  # too near for powers of ten
            axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.xaxis.set_major_formatter(EngFormatter(sep=""))
        axis.xaxis.set_minor_formatter(NullFormatter())


def _panel(axis: Axes, points: Sequence[Point], lines: Sequence[str]) -> None:
    """A line through the best points at each place, their deviation over seeds, and every other point as a dot."""
    for number, line in enumerate(lines):
        mine, colour = [point for point in points if point.line == line], COLOURS[number % len(COLOURS)]
        top = best(mine)
        axis.plot([p.x for p in mine], [p.psnr for p in mine], ".", color=colour, alpha=0.4)
        axis.errorbar(
            [p.x for p in top], [p.psnr for p in top], yerr=[p.spread for p in top],
            color=colour, marker="o", markersize=4, capsize=2, linewidth=1.4, label=line or "network",
        )  # fmt: skip
    axis.grid(True, color="#dddddd", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
