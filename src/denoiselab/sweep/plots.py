"""Plots over a sweep's axes: PSNR against noise level, depth and size, a line for each architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.report.plots import DEPTH, PARAMETERS, SIGMA, Point
from denoiselab.sweep.leaderboard import ERROR, FIGURE, MSE, SEED, SPREAD, Row, results, test_of
from denoiselab.sweep.ledger import short
from denoiselab.web.parallel import Job, Value

LEVEL, NOISY, PROTOCOL = "noise.sigma", "noisy PSNR dB", "protocol"
KEYS = {SIGMA: LEVEL, DEPTH: "model.depth", PARAMETERS: "parameters"}


def places(sweep: Path) -> dict[str, list[Point]]:
    """What there is to plot of the finished jobs."""
    rows = results(sweep)
    called = list(zip(rows, _lines(rows), said([row["axes"] for row in rows]), strict=True))
    points = {plot: [_point(row, key, line, name) for row, line, name in called] for plot, key in KEYS.items()}
    return {plot: [point for point in found if point] for plot, found in points.items()}


def ways(sweep: Path) -> list[Job]:
    """What each finished job changes and comes to, as values on parallel axes; the figure last."""
    rows = results(sweep)
    found = []
    for row, line in zip(rows, _lines(rows), strict=True):
        axes = {key: value for key, value in row["axes"].items() if key != SEED}
        figures = {key: row["figures"][key] for key in ("parameters", FIGURE, ERROR, MSE) if key in row["figures"]}
        values = {**dict(zip(short(list(axes)), axes.values(), strict=True)), **figures}
        found.append(Job(line, {key: _value(value) for key, value in values.items()}))
    return found


def said(axes: Sequence[Mapping[str, str]]) -> list[str]:
    """For each job what it changes, in words: what not all of them say alike, `model=dncnn, depth=4`."""
    names = [key for key in (axes[0] if axes else ()) if key != SEED and len({one.get(key) for one in axes}) > 1]
    return [", ".join(f"{name}={one.get(key)}" for key, name in zip(names, short(names), strict=True)) for one in axes]


def architecture(axes: Mapping[str, str]) -> str:
    """What a job trains, as its command line said; empty where it said nothing."""
    return axes.get("model", axes.get("model._target_", ""))


def _lines(rows: Sequence[Row]) -> list[str]:
    """The architecture of each, with its test where that is not the same for all; levels have places of their own."""
    tests = [{**test_of(row["axes"]), PROTOCOL: row["figures"].get(PROTOCOL, "").partition(":")[0]} for row in rows]
    keys = [key for key in dict.fromkeys(key for test in tests for key in test) if key != LEVEL]
    differ = [key for key in keys if len({test.get(key) for test in tests}) > 1]
    names = dict(zip(differ, short(differ), strict=True))
    return [
        ", ".join(filter(None, [architecture(row["axes"]), *(_said(names[key], test.get(key)) for key in differ)]))
        for row, test in zip(rows, tests, strict=True)
    ]


def _said(name: str, value: str | None) -> str:
    """A name as it is, a number with what it is of."""
    return (value or "") if _number(value) is None else f"{name}={value}"


def _point(row: Row, key: str, line: str, name: str) -> Point | None:
    axes, figures = row["axes"], row["figures"]
    x = _number(figures.get(key, axes.get(key)))
    if x is None or FIGURE not in figures:
        return None
    sigma, spread = _number(axes.get(LEVEL)), figures.get(SPREAD, 0.0)
    return Point(line, sigma, x, figures[FIGURE], spread, figures.get(NOISY), name)


def _value(value: Any) -> Value:
    number = _number(value)
    return str(value) if number is None else number


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
