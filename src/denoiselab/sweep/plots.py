"""Plots over a sweep's axes: PSNR against noise level, depth and size, a line for each architecture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.report import plots
from denoiselab.report.plots import DEPTH, PARAMETERS, SIGMA, Point
from denoiselab.sweep.leaderboard import FIGURE, SPREAD, results

LEVEL, NOISY = "noise.sigma", "noisy PSNR dB"
KEYS = {SIGMA: LEVEL, DEPTH: "model.depth", PARAMETERS: "parameters"}


def draw(sweep: Path) -> list[Path]:
    """Draw what the sweep's jobs have two values of, as `NAME.png` in its folder; the files."""
    rows = results(sweep)
    points = {name: [point for row in rows if (point := _point(row, key))] for name, key in KEYS.items()}
    return plots.draw(points, sweep)


def _point(row: dict[str, Any], key: str) -> Point | None:
    axes, figures = row["axes"], row["figures"]
    x = _number(figures.get(key, axes.get(key)))
    if x is None or FIGURE not in figures:
        return None
    model, sigma = axes.get("model", axes.get("model._target_", "")), _number(axes.get(LEVEL))
    return Point(model, sigma, x, figures[FIGURE], figures.get(SPREAD, 0.0), figures.get(NOISY))


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
