"""The reports of `run.sh` as tables: PSNR in dB at sigma 15, 25 and 50, with the published figures below.

    python experiments/builtin/tables.py RUNS

reads `RUNS/on_SET_SIGMA/comparison.csv`, of pairs `RUNS/on_SET/comparison.csv`, and writes `gray.csv`, `colour.csv`,
`cc15.csv` and `polyu.csv` beside this file.
"""

import sys
from pathlib import Path
from typing import Any

from denoiselab.report.tables import Table, read_rows

HERE = Path(__file__).parent
TABLES = {"gray": ("Set12", "BSD68"), "colour": ("CBSD68", "Kodak24")}
PAIRS = ("cc15", "polyu")
SIGMAS = (15, 25, 50)


def measured(runs: Path, name: str) -> dict[str, str]:
    """What each restorer came to on a test."""
    columns, rows = read_rows(runs / f"on_{name}" / "comparison.csv")
    (test,) = (column for column in columns if column.endswith("dB"))
    return {row["restorer"]: f"{float(row[test]):.2f}" for row in rows}


def white(runs: Path, sets: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row for each restorer that was measured on one of the sets, then for each that was published for one."""
    columns = [f"{name} {sigma}" for name in sets for sigma in SIGMAS]
    found = {column: measured(runs, column.lower().replace(" ", "_")) for column in columns}
    names = dict.fromkeys(name for column in sorted(found.values(), key=len, reverse=True) for name in column)
    rows = [{"restorer": name, **{column: found[column].get(name, "") for column in columns}} for name in names]
    published = [row for row in read_rows(HERE / "published.csv")[1] if any(row[column] for column in columns)]
    return rows + [
        {"restorer": f"{row['restorer']} ({row['source']})", **{column: row[column] for column in columns}}
        for row in published
    ]


def main(runs: Path) -> None:
    """Write the tables."""
    for name, sets in TABLES.items():
        rows = white(runs, sets)
        Table(list(rows[0]), rows).to_csv(HERE / f"{name}.csv")
    for name in PAIRS:
        rows = [{"restorer": restorer, "PSNR dB": psnr} for restorer, psnr in measured(runs, name).items()]
        Table(["restorer", "PSNR dB"], rows).to_csv(HERE / f"{name}.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) == 2 else sys.exit(__doc__)
