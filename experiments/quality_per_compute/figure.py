"""What a network comes to for its training, its speed and its size.

    python experiments/quality_per_compute/figure.py RUNS SECONDS

reads the runs, of SECONDS each, and `RUNS/report`, and writes `results.csv` and `quality.png` beside this file.
"""

import sys
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from denoiselab.report.curves import series
from denoiselab.report.figures import COLOURS, FAINT, INK, save
from denoiselab.report.tables import Table, read_rows

HERE = Path(__file__).parent
LINES = ("-", "--", "-.", ":")
STEPS, VALIDATED = "steps", "validation dB"
SHOWN = "sigma 25"
"""Of the report's columns, in the figure: the first that says so."""
WIDE, HIGH = 45, 10
"""Pixels to the right of a point and across within which another one is in the way of its name."""
Row = dict[str, str]


def kind(row: Row) -> str:
    """The architecture, by its run's name; empty for a classical method."""
    return row["restorer"].rpartition("_")[0]


def learning(run: Path) -> tuple[list[float], list[float]]:
    """After how many steps it was validated, and the PSNR in dB."""
    return series(run / "metrics.csv", "val/psnr")


def rows_of(runs: Path) -> list[Row]:
    """The report's rows; of networks also how many steps they were trained, and the last validation."""
    rows: list[Row] = read_rows(runs / "report" / "comparison.csv")[1]
    for row in filter(kind, rows):
        steps, psnr = learning(runs / row["restorer"])
        row |= {STEPS: f"{steps[-1]:.0f}", VALIDATED: f"{psnr[-1]:.2f}"}
    return rows


def over(axis: Axes, rows: list[Row], key: str, column: str, colours: dict[str, str]) -> None:
    """The PSNR of a column over another one, each restorer by its name, an architecture's joined."""
    known = [row for row in rows if row[key] and row[column]]
    for name in dict.fromkeys(map(kind, known)):
        places = sorted((float(row[key]), float(row[column])) for row in known if kind(row) == name)
        axis.plot(*zip(*places, strict=True), "o-" if name else "o", color=colours[name], markersize=4, linewidth=1)
    axis.set(xscale="log", ylabel=f"PSNR in dB, {column.split(',')[0]}, {SHOWN}")
    axis.margins(0.15, 0.08)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(EngFormatter(sep=""))
    axis.xaxis.set_minor_formatter(NullFormatter())
    places = axis.transData.transform([(float(row[key]), float(row[column])) for row in known])
    for row, place in zip(known, places, strict=True):
        across, up = (places - place).T
        beside = ((across > 0) & (across < WIDE) & (abs(up) < HIGH)).any()
        above = ((abs(across) < WIDE / 2) & (up > 0) & (up < 1.5 * HIGH)).any()
        words = {"textcoords": "offset points", "fontsize": 7, "color": INK, "va": "center"}
        words |= {"xytext": (-5, 0) if beside else (0, -7 if above else 7), "ha": "right" if beside else "center"}
        axis.annotate(row["restorer"], (float(row[key]), float(row[column])), **words)


def draw(runs: Path, seconds: float, rows: list[Row]) -> None:
    """PSNR over training seconds (each step as long as the others), seconds a megapixel, and parameters."""
    kinds = list(filter(None, dict.fromkeys(map(kind, rows))))
    colours = dict(zip(kinds, COLOURS, strict=False)) | {"": FAINT}
    column = next(name for name in rows[0] if SHOWN in name)
    figure = Figure(figsize=(15, 6.5), layout="constrained")
    axes = figure.subplots(1, 3)
    for name in kinds:
        for row, line in zip((row for row in rows if kind(row) == name), LINES, strict=False):
            steps, psnr = learning(runs / row["restorer"])
            times = [seconds * step / steps[-1] for step in steps]
            axes[0].plot(times, psnr, line, color=colours[name], label=row["restorer"])
    axes[0].set(xlabel="training seconds", ylabel="PSNR of the validation, dB")
    axes[0].legend(frameon=False, fontsize=7)
    over(axes[1], rows, "s / Mpx", column, colours)
    axes[1].set_xlabel("seconds a megapixel")
    over(axes[2], rows, "parameters", column, colours)
    axes[2].set_xlabel("parameters")
    for axis in axes:
        axis.grid(True, color="#dddddd", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
    save(figure, HERE / "quality.png", 110)


def main(runs: Path, seconds: float) -> None:
    """Write the table and the figure."""
    rows = rows_of(runs)
    Table(list(dict.fromkeys(name for row in rows for name in row)), rows).to_csv(HERE / "results.csv")
    draw(runs, seconds, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) == 3 else sys.exit(__doc__)
