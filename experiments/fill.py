"""Puts what was measured into a study's README, between the lines `<!-- measured -->` and `<!-- end -->`.

    python experiments/fill.py experiments/STUDY/README.md SOURCE ...

A SOURCE is a folder of runs or evaluations (a table: a row for each of them, a column for each restorer's PSNR or each
figure of its classes), a CSV file (a table as it is), a text file (quoted), or a picture beside the README.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from denoiselab.report.tables import Table, read_rows

BEGIN, END = "<!-- measured -->\n", "<!-- end -->"
CLASSES = ("error %", "± 95 %")


def figures(folder: Path) -> dict[str, Any]:
    """What a run or an evaluation came to: each restorer's PSNR and the network's SSIM, or a classifier's error."""
    summary = yaml.safe_load((folder / "summary.yaml").read_text(encoding="utf-8"))
    if CLASSES[0] in summary:
        return {name: summary[name] for name in CLASSES}
    rows = [row for row in read_rows(folder / "results.csv")[1] if row["picture"] == "mean"]
    return {f"{row['restorer']} dB": float(row["psnr"]) for row in rows} | {"SSIM": float(rows[-1]["ssim"])}


def table_of_runs(folder: Path) -> str:
    """A row for each run below a folder."""
    runs = sorted(file.parent for file in folder.glob("*/summary.yaml"))
    rows = [{"run": run.name, **figures(run)} for run in runs]
    return Table(list(dict.fromkeys(name for row in rows for name in row)), rows).markdown()


def cell(text: str) -> Any:
    """A cell of a CSV file: a fraction of many digits as a number, to be rounded where it is shown; else as it is."""
    return float(text) if re.fullmatch(r"-?\d+\.\d{4,}(e-?\d+)?", text) else text


def shown(source: Path) -> str:
    """A source as Markdown."""
    if source.is_dir():
        return table_of_runs(source)
    if source.suffix == ".csv":
        columns, rows = read_rows(source)
        return Table(columns, [{name: cell(text) for name, text in row.items()} for row in rows]).markdown()
    if source.suffix == ".png":
        return f"![{source.stem}]({source.name})\n"
    return f"```\n{source.read_text(encoding='utf-8').strip()}\n```\n"


def main(readme: Path, *sources: Path) -> None:
    """Replace what stands between the two lines."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout
    head, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    measured = "\n".join([f"Measured with the code of `{commit.strip()}`:\n", *map(shown, sources)])
    readme.write_text(f"{head}{BEGIN}\n{measured}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:])) if len(sys.argv) > 2 else sys.exit(__doc__)
