"""An evaluation in the run folder: the figures of every picture, the means, a summary, and a picture grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from torch import Tensor

from denoiselab.data.store import centre
from denoiselab.drafts import atomic
from denoiselab.methods import Method
from denoiselab.metrics import Scores
from denoiselab.networks import signature_of
from denoiselab.report.grids import SIDE, Row, picture_grid
from denoiselab.report.tables import Table, formatted

SHOWN, LISTED = 6, 100
"""How many pictures a grid shows, and a table on the terminal lists."""
SUMMARY, RESULTS, GRID = "summary.yaml", "results.csv", "pictures.png"
TWINS = "shared with training"
"""Files of an evaluation, and a key of its summary."""


@dataclass
class Restored:
    """One test picture and what every restorer made of it, on the CPU; in `pictures` also `clean` and `noisy`.

    figures: of each restorer; none where none could be had.
    level: of its noise, in the degradation's own unit (`Observation.level`), by which figures of blind noise are split.
    """

    name: str
    pictures: dict[str, Tensor]
    figures: dict[str, dict[str, float]]
    level: float | None = None

    def centres(self, kept: bool) -> Restored:
        """The figures, and what a picture grid shows if it is kept: a large test set would not fit in memory."""
        pictures = {name: centre(picture, SIDE).clone() for name, picture in self.pictures.items()} if kept else {}
        return replace(self, pictures=pictures)


def caption(figures: Mapping[str, float]) -> str:
    """The PSNR as it stands under a picture; empty if there is none."""
    return f"{formatted('psnr', figures['psnr'])} dB" if "psnr" in figures else ""


def many(number: int, what: str) -> str:
    """So many of something: `1 picture`, `2 pictures`."""
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def below_input(scores: Scores, name: str) -> str:
    """A line on a restorer whose results are worse than what it was given; empty where they are not."""
    own, noisy = (scores.summary(one)["psnr"] for one in (name, "noisy"))
    if not own < noisy:
        return ""
    change = f"{noisy:.2f} to {own:.2f} dB"
    return f"WARNING   {name} makes these pictures worse ({change}): trained too briefly, or for other noise"


def per_picture(restored: Iterable[Restored], scores: Scores) -> Table:
    """A row for each picture and restorer, with level and protocol; then `picture=mean`, a row for each restorer.

    Under a protocol that pools, the psnr of a mean row is the pooled figure, not the mean of the rows above it.
    """
    found = [(one.name, name, one.level, figures) for one in restored for name, figures in one.figures.items()]
    found += [("mean", name, None, scores.summary(name)) for name in scores.names]
    columns = ["picture", "restorer", "psnr", "ssim", "mse", "level", "protocol"]
    rows = [
        {**figures, "picture": picture, "restorer": name, "level": level, "protocol": scores.protocol.name}
        for picture, name, level, figures in found
    ]
    return Table(columns, [{column: row[column] for column in columns} for row in rows])


def means(scores: Scores, title: str) -> Table:
    """A row for each restorer: mean PSNR and SSIM over the test set."""
    rows = []
    for name in scores.names:
        figures = scores.summary(name)
        rows.append({"restorer": name, "PSNR dB": figures["psnr"], "SSIM": figures["ssim"], "pictures": figures["n"]})
    return Table(["restorer", "PSNR dB", "SSIM", "pictures"], rows, title)


def side_by_side(restored: Sequence[Restored], scores: Scores) -> Table:
    """A row for each of the first pictures, a column for each restorer: PSNR in dB and SSIM; the means of all below."""
    rows = [
        {"picture": one.name} | {name: f"{f['psnr']:.2f} {f['ssim']:.4f}" for name, f in one.figures.items()}
        for one in restored[:LISTED]
    ]
    rows += [{"picture": f"and {len(restored) - LISTED} more"}] if len(restored) > LISTED else []
    total = {name: scores.summary(name) for name in scores.names}
    mean = {"picture": "mean"} | {name: f"{f['psnr']:.2f} {f['ssim']:.4f}" for name, f in total.items()}
    return Table(["picture", *scores.names], [*rows, mean])


def figures_of(method: Method, scores: Scores, name: str, parameters: int) -> dict[str, Any]:
    """What a restorer came to, beside the noisy input: figures, protocol, size and receptive field."""
    noisy, own = scores.summary("noisy"), scores.summary(name)
    return {
        "parameters": parameters,
        "receptive field": signature_of(method.network).receptive_field,
        "noisy PSNR dB": noisy["psnr"],
        "PSNR dB": own["psnr"],
        "SSIM": own["ssim"],
        "pictures": own["n"],
        "protocol": scores.describe(),
    }


def write_figures(folder: Path, figures: Mapping[str, Any]) -> None:
    """Write what came out of a run or an evaluation to `summary.yaml`: the last of its files, so that it has an end."""
    with atomic(folder / SUMMARY) as path:
        path.write_text(yaml.safe_dump(dict(figures), sort_keys=False, allow_unicode=True), encoding="utf-8")


def write_results(restored: Sequence[Restored], scores: Scores, folder: Path, title: str, shown: str) -> None:
    """Write `results.csv`, `results.md` and `pictures.png` into a folder.

    shown: the restorer that the picture grid shows.
    """
    per_picture(restored, scores).to_csv(folder / RESULTS)
    means(scores, title).to_markdown(folder / "results.md")
    picture_grid([_row(one, shown) for one in restored[:SHOWN]], folder / GRID)


def _row(one: Restored, shown: str) -> Row:
    figures = one.figures
    caption = f"{figures[shown]['psnr']:.2f} dB (noisy {figures['noisy']['psnr']:.2f})"
    return Row(one.name, one.pictures["clean"], one.pictures["noisy"], one.pictures[shown], caption)
