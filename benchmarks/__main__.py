"""`make bench`: denoiselab beside two loops written by hand, in turns, and beside itself.

Each loop has a process of its own, started once. In every round each does the same number of steps, in an
order that changes; a ratio is the median over the rounds of two times of one round. `ours again` is the same
command a second time: what its ratio differs from 1 is what this machine can't tell apart.
"""

from __future__ import annotations

import argparse
import csv
import platform
import random
import statistics
import tempfile
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.progress import track

from benchmarks.cases import CASES, Case
from benchmarks.costs import ceiling, flops
from benchmarks.workers import KINDS, Worker, start
from denoiselab.training.trainer import chosen_precision

TOLD_APART = 0.10
"""Where two runs of the same command differ by more, no ratio is printed."""


def rounds_of(case: Case, device: str, rounds: int) -> dict[str, Worker]:
    """All loops of a case, worked in turns."""
    order = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        workers = {kind: start(kind, case, device, Path(folder)) for kind in KINDS}
        for worker in workers.values():
            worker.work(case.steps)  # warm
            worker.rounds.clear()
        for _ in track(range(rounds), f"{case.name:>10}", console=Console(stderr=True), transient=True):
            for worker in order.sample(list(workers.values()), len(workers)):
                worker.work(case.steps)
        for worker in workers.values():
            worker.end()
    return workers


def ratio(above: Worker, below: Worker) -> tuple[float, float]:
    """Median and half the range between the quartiles of a round's time over another's."""
    pairs = [a["wall_s"] / b["wall_s"] for a, b in zip(above.rounds, below.rounds, strict=True)]
    low, _, high = statistics.quantiles(pairs, n=4)
    return statistics.median(pairs), (high - low) / 2


def measured(case: Case, device: str, rounds: int, rate: float) -> dict[str, Any]:
    """One row of the table."""
    workers = rounds_of(case, device, rounds)
    ours = workers["ours"]
    middle = {key: statistics.median(r[key] for r in ours.rounds) for key in ours.rounds[0]}
    row: dict[str, Any] = {
        "case": case.name,
        "batch": f"{case.batch} x {case.crop}²",
        "ms_per_step": 1000 * middle["wall_s"],
        "images_per_s": case.batch / middle["wall_s"],
        "gflop_per_s": flops(case) / middle["wall_s"] / 1e9,
        "of_ceiling": flops(case) / middle["wall_s"] / rate,
        "cpu_s_per_step": middle["cpu_s"],
        "peak_mib": middle["peak_mib"],
        "first_step_s": ours.first_s,
    }
    for kind in ("eager", "matched", "ours again"):
        row[f"{kind}_ms"] = 1000 * statistics.median(r["wall_s"] for r in workers[kind].rounds)
        row[f"{kind}_over_ours"], row[f"{kind}_spread"] = ratio(workers[kind], ours)
        row[f"{kind}_first_step_s"] = workers[kind].first_s
        row[f"{kind}_peak_mib"] = statistics.median(r["peak_mib"] for r in workers[kind].rounds)
    for key, unit in (("wall_s", "ms"), ("cpu_s", "cpu_ms")):
        row[f"over_matched_{unit}"] = 1000 * difference(ours, workers["matched"], key)
    return row


def difference(above: Worker, below: Worker, key: str) -> float:
    """Median over the rounds of what a step cost one more than the other."""
    return statistics.median(a[key] - b[key] for a, b in zip(above.rounds, below.rounds, strict=True))


def markdown(rows: list[dict[str, Any]], machine: str) -> str:
    """The table for people."""
    lines = [
        machine,
        "",
        "| network | batch | ms a step | eager float32 ÷ ours | matched ÷ ours | ours ÷ ours | GFLOP/s "
        "| of the ceiling | ms over matched (CPU ms) | peak MiB (eager) | first step s (eager) |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        told = abs(row["ours again_over_ours"] - 1) <= TOLD_APART
        ratios = [
            f"{row[f'{kind}_over_ours']:.2f} ± {row[f'{kind}_spread']:.2f}" if told or kind == "ours again" else "–"
            for kind in ("eager", "matched", "ours again")
        ]
        cells = [
            row["case"],
            row["batch"],
            f"{row['ms_per_step']:.1f}",
            *ratios,
            f"{row['gflop_per_s']:.0f}",
            f"{row['of_ceiling']:.0%}",
            f"{row['over_matched_ms']:+.1f} ({row['over_matched_cpu_ms']:+.1f})",
            f"{row['peak_mib']:.0f} ({row['eager_peak_mib']:.0f})",
            f"{row['first_step_s']:.1f} ({row['eager_first_step_s']:.1f})",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def described(device: str, rate: float) -> str:
    """The machine, in a line."""
    name = torch.cuda.get_device_name() if device == "cuda" else processor()
    return (
        f"{name}, {torch.get_num_threads()} threads, torch {torch.__version__}, "
        f"{chosen_precision('auto', device)}, convolution ceiling {rate / 1e9:.0f} GFLOP/s"
    )


def processor() -> str:
    """The processor's name, where the system tells it."""
    file = Path("/proc/cpuinfo")
    names = [line for line in file.read_text().splitlines() if line.startswith("model name")] if file.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor()


def main() -> None:
    """Time the cases and write table.csv and table.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES), help=f"of {', '.join(CASES)}; default: all")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--output", type=Path, default=Path("outputs/bench"))
    given = parser.parse_args()
    if unknown := set(given.cases) - set(CASES):
        parser.error(f"no case {', '.join(sorted(unknown))}: one of {', '.join(CASES)} is needed")
    if given.rounds < 3:
        parser.error("--rounds: at least 3 are needed for a spread")
    rate = ceiling(torch.device(given.device))
    rows = [measured(CASES[name], given.device, given.rounds, rate) for name in given.cases]
    text = markdown(rows, described(given.device, rate))
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "table.md").write_text(text)
    with (given.output / "table.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(text)


if __name__ == "__main__":
    main()
