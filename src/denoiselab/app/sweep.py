"""One table over all jobs of a sweep, written at its end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback

folders: list[Path] = []
"""Of the sweeps that this process began and hasn't ended."""


class SweepTable(Callback):
    """Gathers every job's `summary.yaml` into `table.csv` and `table.md` in the sweep's folder."""

    def on_multirun_start(self, config: Any, **kwargs: Any) -> None:
        folders.append(Path(config.hydra.sweep.dir))

    def on_multirun_end(self, config: Any, **kwargs: Any) -> None:
        from denoiselab.report.sweeps import sweep_table

        folder = folders.pop()
        table = sweep_table(folder)
        table.to_csv(folder / "table.csv")
        table.to_markdown(folder / "table.md")
        table.print()
        print(f"written to {folder}")


def forget_sweep() -> None:
    """Take the folder of a sweep away that failed before its first job."""
    for folder in folders:
        if [file.name for file in folder.glob("*")] == ["multirun.yaml"]:
            shutil.rmtree(folder)
    folders.clear()
