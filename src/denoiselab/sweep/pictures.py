"""A sweep's test pictures: those that several jobs restored from the same noise, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from denoiselab.report.grids import Strip, read_strips
from denoiselab.report.results import GRID, RESULTS, caption
from denoiselab.report.tables import read_rows
from denoiselab.sweep.leaderboard import psnr
from denoiselab.sweep.ledger import AXES, DONE, jobs, read, short, state
from denoiselab.web.viewer import Scene

EACH, SCENES, BEST = 2, 8, 8
"""Pictures of each job, scenes in all, and jobs of one scene: a page has to be small enough to send."""

Shown = dict[Path, tuple[Strip, str]]
"""Of some jobs their strip and its figure."""


def scenes(sweep: Path) -> list[Scene]:
    """The first test pictures of the finished jobs, those of one noisy picture together, the best job last."""
    done = [job for job in jobs(sweep) if state(job) == DONE and psnr(job) is not None]
    together: dict[tuple[str, bytes], Shown] = {}
    for job in done:
        for strip, figure in zip(read_strips(job / GRID)[:EACH], figures_of(job), strict=False):
            noisy = strip.pictures["noisy"].numpy().tobytes()
            together.setdefault((strip.captions["clean"], noisy), {})[job] = strip, figure
    said = axes_of(done)
    return [_scene(name, shown, said) for (name, _), shown in list(together.items())[:SCENES]]


def figures_of(job: Path) -> list[str]:
    """The network's PSNR on each test picture, in their order, and its mean: the last row is the network's."""
    rows = read_rows(job / RESULTS)[1]
    return [caption({"psnr": float(row["psnr"])}) for row in rows if row["restorer"] == rows[-1]["restorer"]]


def axes_of(done: list[Path]) -> dict[Path, dict[str, str]]:
    """What the jobs change, where they differ, under short names."""
    axes = {job: read(job / AXES) for job in done}
    differ = [key for key in dict.fromkeys(key for one in axes.values() for key in one)
              if len({one.get(key) for one in axes.values()}) > 1]  # fmt: skip
    names = dict(zip(differ, short(differ), strict=True))
    return {job: {names[key]: str(one[key]) for key in differ if key in one} for job, one in axes.items()}


def _scene(picture: str, shown: Shown, said: Mapping[Path, Mapping[str, str]]) -> Scene:
    """What all of its jobs say alike names the scene, the rest each job."""
    first = next(iter(shown))
    alike = {key: value for key, value in said[first].items() if all(said[job].get(key) == value for job in shown)}
    ranked = sorted(shown, key=lambda job: psnr(job) or 0.0)[-BEST:]
    names = {job: _words({k: v for k, v in said[job].items() if k not in alike}) or "restored" for job in ranked}
    given = shown[first][0].pictures
    restored = {names[job]: shown[job][0].pictures["restored"] for job in ranked}
    title = ", ".join(filter(None, [picture, _words(alike)]))
    views = {"clean": given["clean"], "noisy": given["noisy"], **restored}
    return Scene(title, views, {names[job]: shown[job][1] for job in ranked})


def _words(axes: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in axes.items())
