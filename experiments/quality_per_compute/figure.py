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
BESIDE = {(0, 9): "center", (0, -9): "center", (-6, 0): "right", (6, 0): "left"}
"""Where a name may stand, as pixels from its point, in order of preference; and its alignment there."""
LETTER, LINE, DOT = 6, 11, 4
"""Pixels: how wide a letter is at most, how high a line, and the side of a point."""
Row = dict[str, str]
Box = tuple[float, float, float, float]


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
    """The PSNR of a column over another one, a point for each restorer, an architecture's joined."""
    known = [row for row in rows if row[key] and row[column]]
    for name in dict.fromkeys(map(kind, known)):
        places = sorted((float(row[key]), float(row[column])) for row in known if kind(row) == name)
        axis.plot(*zip(*places, strict=True), "o-" if name else "o", color=colours[name], markersize=4, linewidth=1)
    axis.set(xscale="log", ylabel=f"PSNR in dB, {column.split(',')[0]}, {SHOWN}")
    axis.margins(0.15, 0.08)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(EngFormatter(sep=""))
    axis.xaxis.set_minor_formatter(NullFormatter())


def write_names(axis: Axes, rows: list[Row], key: str, column: str) -> None:
    """Each restorer's name beside its point, where nothing is in the way; of a figure that has been laid out."""
    known = [row for row in rows if row[key] and row[column]]
    points = [(float(row[key]), float(row[column])) for row in known]
    places = axis.transData.transform(points)
    taken = [box(x, y, DOT, DOT) for x, y in places]
    for row, point, (x, y) in zip(known, points, places, strict=True):
        name = row["restorer"]
        width = LETTER * len(name)
        middles = {
            beside: x + beside[0] + width / 2 * (beside[0] > 0) - width / 2 * (beside[0] < 0) for beside in BESIDE
        }
        boxes = {beside: box(middles[beside], y + beside[1], width, LINE) for beside in BESIDE}
        free = [beside for beside in BESIDE if not any(overlap(boxes[beside], other) for other in taken)]
        chosen = (free or list(BESIDE))[0]
        taken.append(boxes[chosen])
        words = {"textcoords": "offset pixels", "fontsize": 7, "color": INK, "va": "center"}
        axis.annotate(name, point, xytext=chosen, ha=BESIDE[chosen], **words)


def box(x: float, y: float, width: float, height: float) -> Box:
    """Its left, right, lower and upper edge."""
    return x - width / 2, x + width / 2, y - height / 2, y + height / 2


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have a place in common."""
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


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
    figure.draw_without_rendering()
    write_names(axes[1], rows, "s / Mpx", column)
    write_names(axes[2], rows, "parameters", column)
    save(figure, HERE / "quality.png", 110)


def main(runs: Path, seconds: float) -> None:
    """Write the table and the figure."""
    rows = rows_of(runs)
    Table(list(dict.fromkeys(name for row in rows for name in row)), rows).to_csv(HERE / "results.csv")
    draw(runs, seconds, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) == 3 else sys.exit(__doc__)
