"""What a run came to, in a file of its own, and the table over many of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from denoiselab.report.tables import Table, atomic

SUMMARY = "summary.yaml"


def write_summary(folder: Path, overrides: list[str], figures: Mapping[str, Any]) -> None:
    """Write what a run changed and what came out of it."""
    axes = dict(override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    with atomic(folder / SUMMARY) as path:
        path.write_text(yaml.safe_dump({"axes": axes, "figures": dict(figures)}, sort_keys=False))


def sweep_table(folder: Path) -> Table:
    """A row for each job below a folder, in the order of their numbers: its overrides, then its figures."""
    files = sorted(folder.glob(f"*/{SUMMARY}"), key=lambda f: (len(f.parent.name), f.parent.name))
    jobs = [(file.parent.name, yaml.safe_load(file.read_text())) for file in files]
    rows = [{"job": name, **job["axes"], **job["figures"]} for name, job in jobs]
    return Table(list(dict.fromkeys(column for row in rows for column in row)), rows)
