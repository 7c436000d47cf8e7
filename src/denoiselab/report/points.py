"""Points: how far those that a trained method restores lie from where they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from denoiselab.data import Data
from denoiselab.methods import Method
from denoiselab.metrics.figure import figure
from denoiselab.report.results import RESULTS, write_figures
from denoiselab.report.tables import Table


def errors_of(
    method: Method, data: Data, chunks: Iterable[list[int]], device: torch.device, name: str
) -> dict[str, Tensor]:
    """The mean squared error over the coordinates of each test point, `(N,)`, as it was observed and as restored."""
    seen = list[Tensor](), list[Tensor]()
    for numbers in chunks:
        batch = data.measured_batch("test", numbers, device, lambda point, _: point)
        with torch.no_grad():
            restored = method.restore(batch.observation).mean
        for errors, value in zip(seen, (batch.observation.value, restored), strict=True):
            errors.append(figure(data.domain, value, batch.target).cpu())
    return dict(zip(("noisy", name), map(torch.cat, seen), strict=True))


def means_of(errors: Mapping[str, Tensor]) -> Table:
    """The mean over the points, with its 95 % interval by the normal approximation."""
    rows = [
        {
            "restorer": name,
            "MSE": float(one.mean()),
            "± 95 %": 1.96 * float(one.std(correction=0)) / max(len(one) - 1, 1) ** 0.5,
            "points": len(one),
        }
        for name, one in errors.items()
    ]
    return Table(["restorer", "MSE", "± 95 %", "points"], rows)


def spread_of(errors: Mapping[str, Tensor]) -> Table:
    """Below which squared error half, nine in ten, and all of the points stay."""
    parts = {"median": 0.5, "90 %": 0.9, "largest": 1.0}
    rows = [
        {"restorer": name, **{key: float(one.quantile(part)) for key, part in parts.items()}}
        for name, one in errors.items()
    ]
    return Table(["restorer", *parts], rows, "squared error")


def write_errors(errors: Mapping[str, Tensor], parameters: int, step: int, folder: Path) -> None:
    """Write `results.csv` with every point, `results.md` and `summary.yaml`."""
    values = zip(*(one.tolist() for one in errors.values()), strict=True)
    rows = [{"point": i, **dict(zip(errors, row, strict=True))} for i, row in enumerate(values)]
    Table(["point", *errors], rows).to_csv(folder / RESULTS)
    table = means_of(errors)
    table.to_markdown(folder / "results.md")
    figures = {key: value for key, value in table.rows[-1].items() if key != "restorer"}
    write_figures(folder, {"parameters": parameters, **figures, "step": step})
