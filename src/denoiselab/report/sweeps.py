"""What a job of a sweep changed, and the table over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from denoiselab.drafts import atomic
from denoiselab.report.results import SUMMARY
from denoiselab.report.tables import Table

AXES, ERROR = "overrides.yaml", "error.txt"


def write_overrides(folder: Path, overrides: Sequence[str]) -> None:
    """Write what the command line named: the axes of a sweep."""
    named = (override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    axes = {key: value for key, value in named if not key.startswith("hydra.")}
    with atomic(folder / AXES) as path:
        path.write_text(yaml.safe_dump(axes, sort_keys=False, allow_unicode=True), encoding="utf-8")


def sweep_table(folder: Path) -> Table:
    """A row for each job below a folder, in the order of their numbers: what it changed, then its figures.

    What all jobs share stands in the title. A job that failed has the first line of its `error.txt` as `error`.
    """
    found = {file.parent for name in (SUMMARY, ERROR) for file in folder.glob(f"*/{name}")}
    jobs = sorted(found, key=lambda job: (len(job.name), job.name))
    axes, figures = [_read(job / AXES) for job in jobs], [_read(job / SUMMARY) for job in jobs]
    shared = {**_shared(axes), **_shared(figures, "protocol")}
    title = [f"{key}={value}" for key, value in _shared(axes).items()] + list(_shared(figures, "protocol").values())
    rows = [
        {"job": job.name, **axis, **figure, **_failure(job)}
        for job, axis, figure in zip(jobs, axes, figures, strict=True)
    ]
    rows = [{column: value for column, value in row.items() if column not in shared} for row in rows]
    columns = dict.fromkeys(column for row in rows for column in row)
    return Table(sorted(columns, key=lambda column: column == "error"), rows, ", ".join(title))


def _shared(entries: Sequence[Mapping[str, Any]], *keys: str) -> dict[str, Any]:
    """What has one value in all entries (of these keys, or of all), where there are several; empty ones don't count."""
    entries = [entry for entry in entries if entry]
    if len(entries) < 2:
        return {}
    first = entries[0]
    return {k: first[k] for k in keys or first if k in first and all(e.get(k) == first[k] for e in entries)}


def _failure(job: Path) -> dict[str, str]:
    text = (job / ERROR).read_text(encoding="utf-8").strip() if (job / ERROR).exists() else ""
    return {"error": text.splitlines()[0]} if text else {}


def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8")) or {} if file.exists() else {}
