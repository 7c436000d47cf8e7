"""Test errors beside the published ones.

    python experiments/stacked_dae/table.py FOLDER

reads the runs `SET_none`, `SET_sae` and `SET_sdae` and the texts `SET_svm.txt` below a folder, as far as they are
there, and writes `results.csv` beside this file.
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


def of_run(run: Path) -> str:
    """A run's error and its 95 % interval, in %; empty where it isn't there."""
    if not (run / "summary.yaml").is_file():
        return ""
    figures = yaml.safe_load((run / "summary.yaml").read_text(encoding="utf-8"))
    return f"{figures['error %']:.2f} ± {figures['± 95 %']:.2f}"


def of_svm(text: Path) -> str:
    """The same of a support vector machine."""
    return text.read_text(encoding="utf-8").partition("(")[0].strip() if text.is_file() else ""


def main(folder: Path) -> None:
    """A row for each set."""
    rows = []
    for name, (svm, sae, sdae) in PUBLISHED.items():
        ours = {f"ours, {kind}": of_run(folder / f"{name}_{kind}") for kind in ("none", "sae", "sdae")}
        said = {"published SVM": svm, "published SAE-3": sae, "published SDAE-3": sdae}
        shown = {column: f"{value:.2f}" for column, value in said.items()}
        rows.append({"set": name, **shown, "ours, SVM": of_svm(folder / f"{name}_svm.txt"), **ours})
    Table(list(rows[0]), rows).to_csv(HERE / "results.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) == 2 else sys.exit(__doc__)
