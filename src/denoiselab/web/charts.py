"""PSNR against noise level, depth and size, as a page draws it: where every mark stands, in the units of an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from denoiselab.report.plots import LABELS, PARAMETERS, Point, best, drawable, panels
from denoiselab.web.scales import Scale, Style, Tick, around, spoken, styles

WIDTH, HEIGHT = 340, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 330, 26, 210
"""A panel, and the area inside its axes."""
APART = 36
"""What a number under an axis takes."""


@dataclass(frozen=True)
class Dot:
    """A figure: its place, the ends of its deviation, and what is said of it; joined with others if it's the best."""

    x: float
    y: float
    low: float
    high: float
    said: str
    joined: bool


@dataclass(frozen=True)
class Line:
    """The figures of one architecture or restorer."""

    name: str
    style: Style
    dots: Sequence[Dot]

    @property
    def path(self) -> str:
        """The corners of the line through the best of them."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots if dot.joined)


@dataclass(frozen=True)
class Panel:
    """One pair of axes."""

    title: str
    across: Sequence[Tick]
    up: Sequence[Tick]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Chart:
    """Panels side by side, over the same axis; `looks` are those of the lines in it, by their names."""

    title: str
    label: str
    panels: Sequence[Panel]
    looks: Mapping[str, Style]


def charts(plots: Mapping[str, Sequence[Point]], where: str = "") -> list[Chart]:
    """A chart for each plot (a key of `LABELS`) that has two places; where: on what, if not all is on the same."""
    finite = {name: [p for p in points if math.isfinite(p.psnr)] for name, points in plots.items()}
    looks = styles(sorted({point.line for points in finite.values() for point in points}))
    return [_chart(name, finite[name], looks, where) for name in drawable(finite)]


def _chart(plot: str, points: Sequence[Point], looks: Mapping[str, Style], where: str) -> Chart:
    across = around([point.x for point in points], LEFT, RIGHT, logarithmic=plot == PARAMETERS)
    ticks = across.ticks({point.x for point in points}, APART)
    shown = [
        Panel(
            title,
            ticks,
            up.round_ticks(),
            [_line(mine, looks[name], name, across, up, plot) for name, mine in lines.items()],
        )
        for title, lines, up in _panels(points, plot)
    ]
    own = {point.line for point in points}
    title = ", ".join(filter(None, [f"PSNR against {LABELS[plot].partition(',')[0]}", where]))
    return Chart(title, LABELS[plot], shown, {name: look for name, look in looks.items() if name in own})


def _panels(points: Sequence[Point], plot: str) -> Iterator[tuple[str, dict[str, list[Point]], Scale]]:
    """Each panel's title, its points by their lines, and its scale of PSNR."""
    for title, shown in panels(points, plot).items():
        ends = [end for p in shown for end in (p.psnr - p.spread, p.psnr + p.spread)]
        names = sorted({point.line for point in shown})
        yield title, {name: [p for p in shown if p.line == name] for name in names}, around(ends, BOTTOM, TOP)


def _line(points: Sequence[Point], look: Style, name: str, across: Scale, up: Scale, axis: str) -> Line:
    top = {id(point) for point in best(points)}
    dots = [
        Dot(across(p.x), up(p.psnr), up(p.psnr - p.spread), up(p.psnr + p.spread), _said(p, axis), id(p) in top)
        for p in sorted(points, key=lambda point: point.x)
    ]
    return Line(name, look, dots)


def _said(point: Point, axis: str) -> str:
    spread = f" ± {point.spread:.2f}" if point.spread else ""
    noisy = "" if point.noisy is None else f" (noisy {point.noisy:.2f})"
    place = f", {axis} {spoken(point.x)}" if axis == PARAMETERS or not point.name else ""
    return f"{point.name or point.line}{place}: {point.psnr:.2f}{spread} dB{noisy}"
