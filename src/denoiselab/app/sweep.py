"""One table over all jobs of a sweep, written at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback


class SweepTable(Callback):
    """Gathers every job's `summary.yaml` into `table.csv` and `table.md` in the sweep's folder."""

    def on_multirun_end(self, config: Any, **kwargs: Any) -> None:
        from denoiselab.report.sweeps import sweep_table

        folder = Path(config.hydra.sweep.dir)
        table = sweep_table(folder)
        table.to_csv(folder / "table.csv")
        table.to_markdown(folder / "table.md")
        table.print()
        print(f"written to {folder}")
