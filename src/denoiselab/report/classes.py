"""Classes: how often a trained method is wrong, and what it takes each class for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from denoiselab.data import Data
from denoiselab.methods import Method
from denoiselab.report.results import write_figures
from denoiselab.report.tables import Table


@dataclass(frozen=True)
class Answer:
    """A test picture, its class, and the class that it was taken for."""

    picture: str
    label: int
    answer: int


def answers(method: Method, data: Data, chunks: Iterable[list[int]], device: torch.device) -> Iterator[Answer]:
    """What the method takes the test pictures of these numbers for."""
    for numbers in chunks:
        batch = data.measured_batch("test", numbers, device, lambda picture, _: picture)
        with torch.no_grad():
            found = method.restore(batch.observation).mean.argmax(1)
        for i, label, answer in zip(numbers, batch.target.tolist(), found.tolist(), strict=True):
            yield Answer(data.stores["test"].names[i], label, answer)


def interval(errors: int, count: int) -> float:
    """Half the 95 % confidence interval of a rate of errors, by the normal approximation."""
    rate = errors / count
    return 1.96 * math.sqrt(rate * (1 - rate) / count)


def errors_table(found: list[Answer], name: str) -> Table:
    """One row: the part of the pictures whose class was not found, in %, with its interval."""
    wrong = sum(one.label != one.answer for one in found)
    row = {"restorer": name, "error %": 100 * wrong / len(found), "± 95 %": 100 * interval(wrong, len(found))}
    return Table(["restorer", "error %", "± 95 %", "pictures"], [{**row, "pictures": len(found)}])


def confusion(found: list[Answer]) -> Table:
    """A row for each class: how many of its pictures were taken for each."""
    classes = sorted({one.label for one in found} | {one.answer for one in found})
    counts = dict.fromkeys(((label, answer) for label in classes for answer in classes), 0)
    for one in found:
        counts[one.label, one.answer] += 1
    rows = [{"class": str(label), **{str(a): counts[label, a] for a in classes}} for label in classes]
    return Table(["class", *map(str, classes)], rows, "rows: the class; columns: what it was taken for")


def write_answers(found: list[Answer], errors: Table, parameters: int, step: int, folder: Path) -> None:
    """Write `results.csv` with every picture, `results.md` and `summary.yaml`."""
    rows = [{"picture": one.picture, "class": one.label, "answer": one.answer} for one in found]
    Table(["picture", "class", "answer"], rows).to_csv(folder / "results.csv")
    errors.to_markdown(folder / "results.md")
    figures = {key: value for key, value in errors.rows[0].items() if key != "restorer"}
    write_figures(folder, {"parameters": parameters, **figures, "step": step})
