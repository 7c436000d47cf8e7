"""The verb `report`: a sweep as tables and plots."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def prepared(arguments: list[str]) -> list[str]:
    """Nothing to add: a sweep's folder knows all of it."""
    return arguments


def keys(*, sweep: str | None) -> None:
    """The keys, with their types."""


def task(cfg: Any) -> None:
    """Write a sweep's tables anew, draw its plots, and show the leaderboard."""
    from denoiselab.config import check
    from denoiselab.errors import UserError
    from denoiselab.sweep.leaderboard import leaderboard, write_tables
    from denoiselab.sweep.ledger import jobs
    from denoiselab.sweep.plots import draw

    check(keys, dict(cfg), "", {})
    if cfg.sweep is None:
        raise UserError("sweep is not set: name a sweep's folder, sweep=FOLDER")
    folder = Path(cfg.sweep).expanduser()
    if not jobs(folder):
        raise UserError(f"sweep={folder}: there is no sweep here; train.py -m makes one and says where")
    write_tables(folder)
    leaderboard(folder).print()
    for file in draw(folder):
        print(f"written: {file}")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("report")
