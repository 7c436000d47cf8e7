"""How a step's cost grows with crop size, depth, width and the number of pictures: `python -m benchmarks.scaling`."""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure

from benchmarks.cases import Case
from benchmarks.costs import ceiling, flops
from benchmarks.workers import start
from denoiselab.data.order import Order
from denoiselab.data.pictures import PictureData
from denoiselab.data.store import PictureStore
from denoiselab.degradations import Gaussian
from denoiselab.supervision import Clean

BASE = Case("scaling", "dncnn", {"depth": 15, "num_features": 64}, steps=3)
AXES: dict[str, list[int]] = {
    "crop size": [32, 48, 64, 96, 128],
    "depth": [4, 8, 16, 32],
    "features": [16, 32, 64, 128],
    "pictures": [400, 4_000, 40_000, 400_000],
}
SIDE = 64
NOISE = Gaussian(sigma=30, clip=False)


def varied(axis: str, value: int) -> Case:
    """DnCNN-17 with one thing changed; `depth` counts all convolutions."""
    if axis == "crop size":
        return replace(BASE, crop=value)
    return replace(BASE, keys={**BASE.keys, **({"depth": value - 2} if axis == "depth" else {"num_features": value})})


def step_seconds(case: Case, device: str, rounds: int) -> float:
    """The median time of our step."""
    with tempfile.TemporaryDirectory() as folder:
        worker = start("ours", case, device, Path(folder))
        worker.work(case.steps)
        worker.rounds.clear()
        for _ in range(rounds):
            worker.work(case.steps)
        worker.end()
    return statistics.median(r["wall_s"] for r in worker.rounds)


class Synthetic(PictureData):
    """So many pictures of one size, in a mapped file that takes no room on the disk."""

    def __init__(self, number: int, file: Path) -> None:
        super().__init__(
            channels=3, crop_size=48, crops_per_picture=1, augment=True, shuffle_channels=False, val_crop=None,
            batch_size=64, seed=0, degradation=NOISE, test_degradation=NOISE, supervision=Clean(),
        )  # fmt: skip
        pixels = number * SIDE * SIDE
        with file.open("wb") as buffer:
            os.truncate(buffer.fileno(), pixels * 3)
        layer = torch.from_file(str(file), size=pixels * 3, dtype=torch.uint8).view(-1, 3)
        sides, names = np.full(number, SIDE), [""] * number
        self.stores["train"] = PictureStore({"clean": layer}, sides, sides, names, names)
        self.order = Order(number, 0)

    def load(self, split: str) -> None:
        """Everything is there."""

    def take_all(self) -> None:
        """Nothing is tested."""


def batch_seconds(number: int, rounds: int) -> float:
    """The median time of a noisy batch from so many pictures."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        data = Synthetic(number, Path(folder) / "pixels")
        for step in range(10 * rounds):
            begun = time.perf_counter()
            data.training_batch(step, 0, 1, torch.device("cpu"))
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def points(device: str, rounds: int) -> list[dict[str, Any]]:
    """A row for each value of each axis: ms of a step, and at the convolution ceiling."""
    rate = ceiling(torch.device(device))
    rows = list[dict[str, Any]]()
    for axis, values in AXES.items():
        for value in values:
            if axis == "pictures":
                cost, floor = batch_seconds(value, rounds), float("nan")
            else:
                case = varied(axis, value)
                cost, floor = step_seconds(case, device, rounds), flops(case) / rate
            rows.append({"axis": axis, "value": value, "ms": 1000 * cost, "ms_at_the_ceiling": 1000 * floor})
            print(f"{axis} {value}: {1000 * cost:.1f} ms", flush=True)
    return rows


def plotted(rows: list[dict[str, Any]], file: Path) -> None:
    """A panel for each axis, both scales logarithmic."""
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    for axes, axis in zip(figure.subplots(1, len(AXES)), AXES, strict=True):
        mine = [row for row in rows if row["axis"] == axis]
        values = [row["value"] for row in mine]
        measured = [row["ms"] for row in mine]
        floor = [row["ms_at_the_ceiling"] for row in mine]
        axes.loglog(values, measured, "o-", label="measured")
        axes.loglog(values, floor, "--", color="0.6", label="its convolutions at the rate of 64 features")
        axes.set_xticks(values, [f"{value // 1000}k" if value >= 1000 else str(value) for value in values])
        low, high = np.nanmin([measured, floor]) / 1.5, max(measured) * 1.5
        ticks = [tick for power in range(5) for tick in (10**power, 2 * 10**power, 5 * 10**power) if low < tick < high]
        axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.minorticks_off()
        axes.set(xlabel=axis, ylim=(low, high), title="ms a batch of 64" if axis == "pictures" else "ms a step")
        axes.grid(alpha=0.3)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(file, dpi=150)


def main() -> None:
    """Measure and write scaling.csv and scaling.png."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--output", type=Path, default=Path("outputs/bench"))
    given = parser.parse_args()
    rows = points(given.device, given.rounds)
    given.output.mkdir(parents=True, exist_ok=True)
    with (given.output / "scaling.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    plotted(rows, given.output / "scaling.png")


if __name__ == "__main__":
    main()
