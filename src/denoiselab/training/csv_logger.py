"""The run's own record, `metrics.csv`: one row a step, readable at any moment and after any crash.

Lightning's `CSVLogger` deletes an existing `metrics.csv` when it starts (so a resumed run loses its past, with no
public option against it), writes a row for each call rather than for each step, and rewrites the file in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger
from lightning.pytorch.utilities import rank_zero_only

from denoiselab.drafts import atomic
from denoiselab.report.tables import csv_text, read_rows


class CsvLogger(Logger):
    """Appends to `metrics.csv` in the run folder itself.

    Values of one step share a row however many calls brought them. A new metric is a new column: the file is
    rewritten beside itself and swapped in. Otherwise a row is one write to the operating system, so that a killed
    process leaves whole rows. The column `step` counts the steps done, as the console and the checkpoints do: the
    first step's row is 1, where Lightning says 0.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path = folder / "metrics.csv"
        self._columns: list[str] = []
        self._last: dict[str, str] = {}
        self._offset = 0

    @property
    def name(self) -> str:
        """Empty, so that nothing makes folders named after it."""
        return ""

    @property
    def version(self) -> str:
        """Empty, as the name."""
        return ""

    @property
    def save_dir(self) -> str:
        """The run folder."""
        return str(self.path.parent)

    @property
    def root_dir(self) -> str:
        """The run folder."""
        return self.save_dir

    @property
    def log_dir(self) -> str:
        """The run folder."""
        return self.save_dir

    @rank_zero_only
    def log_hyperparams(self, params: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing: the resolved configuration lies in the run folder already."""

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Add values to the row of a step by Lightning's number (without one: to the last row)."""
        if not self._columns:
            self._replace(*read_rows(self.path))
        number = self._last.get("step", "1") if step is None else str(step + 1)
        row = {"step": number} | {name: written(value) for name, value in metrics.items()}
        same = self._last.get("step") == number
        row = self._last | row if same else row
        if new := [name for name in row if name not in self._columns]:
            rows = read_rows(self.path)[1]
            self._replace(self._columns + new, [*(rows[:-1] if same else rows), row])
        else:
            self._put(row, same)

    @rank_zero_only
    def cut_back(self, step: int) -> None:
        """Keep the rows of the first `step` steps, as a run does that resumes there.

        A torn last line goes too. `step` is the checkpoint's `global_step` where each batch makes one optimizer step.
        """
        columns, rows = read_rows(self.path)
        self._replace(columns, [row for row in rows if int(row["step"]) <= step])

    def _put(self, row: dict[str, str], same: bool) -> None:
        with self.path.open("r+b") as file:
            self._offset = file.seek(self._offset) if same else file.seek(0, 2)
            file.write(csv_text(self._columns, [row], header=False).encode())
            file.truncate()
        self._last = row

    def _replace(self, columns: list[str], rows: list[dict[str, str]]) -> None:
        if not columns:
            return
        head, tail = csv_text(columns, rows[:-1]), csv_text(columns, rows[-1:], header=False)
        with atomic(self.path) as temporary:
            temporary.write_text(head + tail, encoding="utf-8")
        self._columns, self._last, self._offset = columns, dict(rows[-1]) if rows else {}, len(head.encode())


def written(value: Any) -> str:
    """A number as text: nine digits give a float32 back exactly; `nan`, `inf` and `-inf` are themselves."""
    return str(int(value)) if isinstance(value, int) else f"{float(value):.9g}"
