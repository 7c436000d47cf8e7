"""The tables over the jobs of a sweep, complete at any moment."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.report.results import SUMMARY
from denoiselab.report.tables import Table
from denoiselab.sweep.ledger import AXES, DONE, OUTCOME, jobs, read, state
from denoiselab.sweep.locks import wait_for

Row = dict[str, Any]
SEED, FIGURE, SPREAD, COUNT = "seed", "PSNR dB", "± dB", "seeds"
ERROR, MSE, INTERVAL = "error %", "MSE", "± 95 %"
SPREADS = {FIGURE: SPREAD, ERROR: "± %", MSE: "± MSE"}
"""What a job may come to, and what its deviation over seeds is called. INTERVAL is that of one job."""
TESTS = ("noise", "test_noise", "protocol")
PICTURES = ("data", "data.root", "data.input", "data.target", "data.test")
"""Groups, and keys, that say what a figure was measured on; others of `data` only how was trained."""


def write_tables(sweep: Path) -> None:
    """Write `jobs.csv`, `leaderboard.csv` and `leaderboard.md`, one process at a time: the last one knows all jobs."""
    with wait_for(sweep / ".tables.lock"):
        jobs_table(sweep).to_csv(sweep / "jobs.csv")
        best = leaderboard(sweep)
        best.to_csv(sweep / "leaderboard.csv")
        best.to_markdown(sweep / "leaderboard.md")


def jobs_table(sweep: Path) -> Table:
    """A row for each job in the order of their names: what it changed, its figures, its state, why it failed."""
    rows = _rows(sweep)
    return _table(rows, _shared([row["axes"] for row in rows]), ())


def leaderboard(sweep: Path) -> Table:
    """The finished jobs, the best first of each test (`tested`); several seeds are one row (`results`)."""
    rows = sorted(results(sweep), key=lambda row: (tested(row["axes"]), _rank(row)))
    several = any(COUNT in row["figures"] for row in rows)
    fixed = _shared([row["axes"] for row in _rows(sweep)])
    return _table(rows, fixed, ("job", "state", SEED) if several else ("state",))


def results(sweep: Path) -> list[Row]:
    """What the finished jobs came to: each one's `axes` (what it changed, as text) and `figures`.

    Where jobs differ in nothing but their seed, they are one: the mean of their figures, the standard deviation (n − 1)
    of what they are ranked by, and their number.
    """
    groups = dict[tuple[tuple[str, str], ...], list[Row]]()
    for row in _rows(sweep):
        if row["state"] == DONE:
            groups.setdefault(tuple((k, v) for k, v in row["axes"].items() if k != SEED), []).append(row)
    several = any(len(rows) > 1 for rows in groups.values())
    return [_mean(rows) if several else rows[0] for rows in groups.values()]


def tested(axes: Mapping[str, str]) -> list[tuple[float, str]]:
    """What a job was measured on, in an order: figures compare only within one."""
    return [natural(value) for value in test_of(axes).values()]


def test_of(axes: Mapping[str, str]) -> dict[str, str]:
    """Of what a job changes what says on what it was measured; `test_noise` goes before the noise of the training."""
    said = {key: value for key, value in axes.items() if key.split(".")[0] in TESTS or key in PICTURES}
    return {key: value for key, value in said.items() if f"test_{key}" not in said}


def natural(value: str) -> tuple[float, str]:
    """A key that sorts numbers by their size, and texts after them."""
    try:
        return float(value), ""
    except ValueError:
        return float("inf"), value


def psnr(job: Path) -> float | None:
    """The figure of a finished job on the test pictures, in dB; None where nothing was measured."""
    return read(job / SUMMARY).get(FIGURE)


def best_validation(job: Path) -> float | None:
    """The figure by which a job's best checkpoint was chosen; None where nothing was validated."""
    from denoiselab.methods.checkpoint import find_checkpoint, read_checkpoint

    best: float | None = read_checkpoint(find_checkpoint(job))["callbacks"]["Keeper"]["best"]
    return best


def pruned(job: Path) -> int | None:
    """The step after which a job of a search was ended for falling behind; None where it wasn't."""
    from denoiselab.methods.checkpoint import LAST, find_checkpoint, read_checkpoint

    callbacks = read_checkpoint(find_checkpoint(job, LAST))["callbacks"]
    step: int | None = callbacks.get("MedianPruning", {}).get("step")
    return step


def _rank(row: Row) -> float:
    """The less the better: an error, or the PSNR's negative."""
    figures = row["figures"]
    errors = [float(figures[key]) for key in (ERROR, MSE) if key in figures]
    return errors[0] if errors else -figures.get(FIGURE, float("-inf"))


def _rows(sweep: Path) -> list[Row]:
    return [
        {
            "job": job.name,
            "axes": read(job / AXES),
            "figures": {key: value for key, value in read(job / SUMMARY).items() if not isinstance(value, list)},
            "state": state(job),
            "error": read(job / OUTCOME).get("error"),
            "pruned": read(job / OUTCOME).get("pruned"),
            "code": read(job / OUTCOME).get("code"),
        }
        for job in jobs(sweep)
    ]


def _mean(rows: Sequence[Row]) -> Row:
    """Jobs of several seeds as one: the means of their figures, and of the rest what they have in common."""
    figures: dict[str, Any] = {}
    for name, value in rows[0]["figures"].items():
        values = [row["figures"].get(name) for row in rows]
        if name == INTERVAL or None in values:
            continue
        if isinstance(value, float):
            figures[name] = statistics.fmean(values)
        elif values.count(value) == len(values):
            figures[name] = value
        if name in SPREADS and len(values) > 1:
            figures[SPREADS[name]] = statistics.stdev(values)
    return {**rows[0], "figures": {**figures, COUNT: len(rows)}}


def _table(rows: Sequence[Row], fixed: Row, without: Sequence[str]) -> Table:
    """What all rows share stands in the title, not in a column; fixed: what all jobs of the sweep say alike."""
    words = {**_shared([row["figures"] for row in rows], "protocol"), **_shared(rows, "code")}
    title = [*(f"{key}={value}" for key, value in fixed.items()), *words.values()]
    last = ("pruned", "code", "error")
    flat = [
        {**{key: row[key] for key in ("job", "state")}, **row["axes"], **row["figures"], **{k: row[k] for k in last}}
        for row in rows
    ]
    drop = {*fixed, *words, *without}
    flat = [{key: value for key, value in row.items() if key not in drop and value is not None} for row in flat]
    columns = dict.fromkeys(column for row in flat for column in row)
    return Table(sorted(columns, key=lambda name: last.index(name) if name in last else -1), flat, ", ".join(title))


def _shared(entries: Sequence[Mapping[str, Any]], *keys: str) -> Row:
    """What has one value in all entries (of these keys, or of all), where there are several; empty ones don't count."""
    entries = [entry for entry in entries if any(entry.get(key) is not None for key in keys or entry)]
    if len(entries) < 2:
        return {}
    first = entries[0]
    return {k: first[k] for k in keys or first if k in first and all(e.get(k) == first[k] for e in entries)}
