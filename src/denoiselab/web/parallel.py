"""Parallel coordinates: an axis for each thing that jobs differ in, and a way through all of them for each job."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from denoiselab.report.tables import formatted
from denoiselab.web.scales import Scale, Style, Tick, around, styles

GAP, LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 150, 16, 90, 40, 250, 266
"""Between two axes, and the area that they have."""
APART, BESIDE = 14, 3
"""What a number at an axis takes, and how far architectures run beside each other where they have the same value."""
DECADE = 10
"""From which ratio of the largest to the smallest value on the axis is logarithmic."""

Value = float | str


@dataclass(frozen=True)
class Job:
    """What is drawn of a job: its architecture, and its value on each axis."""

    line: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Axis:
    """An upright axis."""

    name: str
    x: float
    ticks: Sequence[Tick]


@dataclass(frozen=True)
class Way:
    """The corners of a job's way, and what is said of it."""

    line: str
    style: Style
    path: str
    said: str


@dataclass(frozen=True)
class Parallel:
    """The whole drawing."""

    width: float
    axes: Sequence[Axis]
    ways: Sequence[Way]
    looks: Mapping[str, Style]


def parallel(jobs: Sequence[Job]) -> Parallel | None:
    """The drawing of the jobs that have a value on every axis; None with fewer than two jobs or axes.

    An axis is what two of them differ in, in the first one's order.
    """
    values = {
        name: {job.values[name] for job in jobs if name in job.values} for name in (jobs[0].values if jobs else ())
    }
    names = [name for name, own in values.items() if len(own) > 1]
    jobs = [job for job in jobs if all(_there(job.values.get(name)) for name in names)]
    if len(jobs) < 2 or len(names) < 2:
        return None
    places = {name: LEFT + GAP * i for i, name in enumerate(names)}
    scales = {name: _scale([job.values[name] for job in jobs]) for name in names}
    looks = styles(sorted({job.line for job in jobs}))
    shift = {line: BESIDE * (i - (len(looks) - 1) / 2) for i, line in enumerate(looks)}
    ways = [
        Way(
            job.line,
            looks[job.line],
            " ".join(
                f"{places[name]},{_place(scales[name], job.values[name]) + shift[job.line]:.4g}" for name in names
            ),
            ", ".join(f"{name} {formatted(name, job.values[name])}" for name in names),
        )
        for job in jobs
    ]
    axes = [Axis(name, places[name], _ticks(scales[name], [job.values[name] for job in jobs])) for name in names]
    return Parallel(LEFT + GAP * (len(names) - 1) + RIGHT, axes, ways, looks)


def _there(value: Value | None) -> bool:
    return value is not None and (isinstance(value, str) or math.isfinite(value))


def _scale(values: Sequence[Value]) -> Scale | dict[Value, float]:
    """Numbers lie in proportion; where any is a word, all are words, evenly spaced from top to bottom."""
    numbers = [value for value in values if not isinstance(value, str)]
    if len(numbers) == len(values):
        return around(numbers, BOTTOM, TOP, logarithmic=min(numbers) > 0 and max(numbers) / min(numbers) >= DECADE)
    words = sorted(set(values), key=str)
    return {word: round(TOP + (BOTTOM - TOP) * (i + 0.5) / len(words), 1) for i, word in enumerate(words)}


def _place(scale: Scale | dict[Value, float], value: Value) -> float:
    return scale(float(value)) if isinstance(scale, Scale) else scale[value]


def _ticks(scale: Scale | dict[Value, float], values: Sequence[Value]) -> list[Tick]:
    if isinstance(scale, Scale):
        return scale.ticks((float(value) for value in values), APART)
    return [Tick(at, str(word)) for word, at in scale.items()]
