"""Tables of results: the same rows as CSV for machines, as Markdown for a README, on the terminal for a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from denoiselab.drafts import atomic


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], *, header: bool = True) -> str:
    """Rows as CSV lines, each ended by a newline; a missing value is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and the complete rows of a CSV file; a last line without its newline was torn and is left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    reader = csv.DictReader(io.StringIO(text[: text.rfind("\n") + 1]))
    rows = list(reader)
    return list(reader.fieldnames or []), rows


def formatted(column: str, value: Any) -> str:
    """A value as a person reads it: dB with 2 decimals, SSIM with 4, other fractions with 4 digits."""
    if value is None or value == "":
        return "–"
    if not isinstance(value, float):
        return str(value)
    name = column.lower()
    if "psnr" in name or "db" in name.replace("/", " ").replace("_", " ").split():
        return f"{value:.2f}"
    return f"{value:.4f}" if "ssim" in name else f"{value:.4g}"


@dataclass(frozen=True)
class Table:
    """Columns in order, and rows that may lack some of them."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    title: str = ""

    def cells(self) -> list[list[str]]:
        """Every row as formatted texts."""
        return [[formatted(name, row.get(name)) for name in self.columns] for row in self.rows]

    def to_csv(self, path: Path) -> None:
        """Write the values unrounded: a table that was rounded can't be checked."""
        with atomic(path) as temporary:
            temporary.write_text(csv_text(self.columns, self.rows), encoding="utf-8")

    def to_markdown(self, path: Path, below: str = "") -> None:
        """Write the Markdown table; below: what stands under it."""
        with atomic(path) as temporary:
            temporary.write_text("\n".join(filter(None, [self.markdown(), below])), encoding="utf-8")

    def markdown(self) -> str:
        """A Markdown table, numbers to the right."""
        title = [f"**{self.title}**", ""] if self.title else []
        if not self.columns:
            return "\n".join([*title, "nothing yet", ""])
        rule = ["---:" if self._numeric(name) else "---" for name in self.columns]
        cells = [[cell.replace("|", "\\|") for cell in line] for line in [self.columns, rule, *self.cells()]]
        lines = [f"| {' | '.join(line)} |" for line in cells]
        return "\n".join([*title, *lines]) + "\n"

    def print(self) -> None:
        """Show the table on the terminal."""
        from rich import box, table
        from rich.console import Console

        shown = table.Table(box=box.SIMPLE_HEAD)
        for name in self.columns:
            shown.add_column(name, justify="right" if self._numeric(name) else "left", no_wrap=True)
        for line in self.cells():
            shown.add_row(*line)
        console = Console(width=None if Console().is_terminal else 200)
        console.print(*[self.title] if self.title else [], shown, sep="\n", markup=False, highlight=False)

    def _numeric(self, name: str) -> bool:
        values = [row[name] for row in self.rows if row.get(name) is not None]
        return bool(values) and all(isinstance(value, int | float) for value in values)
