"""An evaluation in the run folder: the figures of every picture, the means, and a picture grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from denoiselab.metrics import Scores
from denoiselab.report.evaluation import Restored
from denoiselab.report.figures import Row, picture_grid
from denoiselab.report.tables import Table

SHOWN = 6


def per_picture(restored: Iterable[Restored], scores: Scores) -> Table:
    """A row for each picture and restorer, each with its protocol."""
    rows = [
        {"picture": one.name, "restorer": name, **figures, "protocol": scores.protocol.name}
        for one in restored
        for name, figures in one.figures.items()
    ]  # fmt: skip
    return Table(["picture", "restorer", "psnr", "ssim", "mse", "protocol"], rows)


def means(scores: Scores, title: str) -> Table:
    """A row for each restorer: mean PSNR and SSIM over the test set."""
    rows = []
    for name in scores.names:
        figures = scores.summary(name)
        rows.append({"restorer": name, "PSNR dB": figures["psnr"], "SSIM": figures["ssim"], "pictures": figures["n"]})
    return Table(["restorer", "PSNR dB", "SSIM", "pictures"], rows, title)


def side_by_side(restored: Iterable[Restored], scores: Scores) -> Table:
    """A row for each picture, a column for each restorer: PSNR in dB and SSIM, and their means below."""
    rows = [
        {"picture": one.name} | {name: f"{f['psnr']:.2f} {f['ssim']:.4f}" for name, f in one.figures.items()}
        for one in restored
    ]
    total = {name: scores.summary(name) for name in scores.names}
    mean = {"picture": "mean"} | {name: f"{f['psnr']:.2f} {f['ssim']:.4f}" for name, f in total.items()}
    return Table(["picture", *scores.names], [*rows, mean])


def write_results(restored: Sequence[Restored], scores: Scores, folder: Path, title: str, shown: str) -> None:
    """Write `results.csv`, `results.md` and `pictures.png` into a folder.

    shown: the restorer that the picture grid shows.
    """
    per_picture(restored, scores).to_csv(folder / "results.csv")
    means(scores, title).to_markdown(folder / "results.md")
    picture_grid([_row(one, shown) for one in restored[:SHOWN]], folder / "pictures.png")


def _row(one: Restored, shown: str) -> Row:
    figures = one.figures
    caption = f"{figures[shown]['psnr']:.2f} dB (noisy {figures['noisy']['psnr']:.2f})"
    return Row(one.name, one.pictures["clean"], one.pictures["noisy"], one.pictures[shown], caption)
