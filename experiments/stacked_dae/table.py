"""Test errors beside the published ones.

    python experiments/stacked_dae/table.py FOLDER

reads the runs `SET_none`, `SET_sae` and `SET_sdae` below a folder and writes `results.csv` beside this file.
"""

import sys
from pathlib import Path

import yaml

from denoiselab.report.tables import Table

HERE = Path(__file__).parent
PUBLISHED = {
    "mnist": (1.40, 1.40, 1.28),
    "basic": (3.03, 3.46, 2.84),
    "rot": (11.11, 10.30, 9.53),
    "bg-rand": (14.58, 11.28, 10.30),
    "bg-img": (22.61, 23.00, 16.68),
    "bg-img-rot": (55.18, 51.93, 43.76),
    "rect": (2.15, 2.41, 1.99),
    "rect-img": (24.04, 24.05, 21.59),
    "convex": (19.13, 18.41, 19.06),
}
"""Test error % of an SVM, SAE-3 and SDAE-3: Vincent et al. 2010 (JMLR 11)."""
OURS = ("none", "sae", "sdae")


def said(run: Path) -> str:
    """A run's error and its 95 % interval, in %; empty where there is no such run."""
    if not run.is_dir():
        return ""
    figures = yaml.safe_load((run / "summary.yaml").read_text(encoding="utf-8"))
    return f"{figures['error %']:.2f} ± {figures['± 95 %']:.2f}"


def main(folder: Path) -> None:
    """A row for each set."""
    columns = ["set", "SVM published", "SAE-3 published", "SDAE-3 published", *(f"ours, {name}" for name in OURS)]
    rows = []
    for name, published in PUBLISHED.items():
        figures = [f"{value:.2f}" for value in published] + [said(folder / f"{name}_{kind}") for kind in OURS]
        rows.append(dict(zip(columns, [name, *figures], strict=True)))
    Table(columns, rows).to_csv(HERE / "results.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
