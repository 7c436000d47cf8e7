"""How fast a large picture is restored, and in how much memory: `python -m benchmarks.inference`.

eager: the network over the whole picture at once, float32, as it was trained. ours: what `denoise.py` does.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch

from benchmarks.bare import network_of
from benchmarks.cases import CASES
from denoiselab.methods import Denoiser
from denoiselab.networks import signature_of
from denoiselab.objectives import L2
from denoiselab.restore.deploy import deploy
from denoiselab.restore.tiles import TILE, restore_tiled

NAMES = ("DnCNN-17", "DUDnCNN-6", "U-Net")
KINDS = ("eager", "ours")


def measured(kind: str, name: str, side: int, device: torch.device) -> tuple[float, float]:
    """Seconds and peak MiB (of the device where it is a GPU) of restoring one picture `side` x `side`, warm."""
    network = network_of(CASES[name])
    picture = torch.randint(0, 256, (1, 3, side, side), dtype=torch.uint8)
    if kind == "eager":
        network.eval().to(device)

        def restore(pixels: torch.Tensor) -> torch.Tensor:
            with torch.no_grad():
                restored: torch.Tensor = network(pixels.to(device).float() / 255)
            return (restored.clamp(0, 1) * 255).round().to(torch.uint8).cpu()
    else:
        function = deploy(Denoiser(network=network, objective=L2(), phases=[], seed=0), device, "auto", 3)
        signature = signature_of(network)

        def restore(pixels: torch.Tensor) -> torch.Tensor:
            return restore_tiled(lambda tile: function(tile.to(device)), pixels, signature, TILE)

    restore(picture[..., :TILE, :TILE])
    begun = time.perf_counter()
    restore(picture)
    seconds = time.perf_counter() - begun
    if device.type == "cuda":
        return seconds, torch.cuda.max_memory_allocated(device) / 2**20
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(kind: str, name: str, side: int, device: str) -> tuple[float, float]:
    """`measured` in a process of its own, whose memory is its alone."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.inference",
        "--one",
        kind,
        name,
        f"--side={side}",
        f"--device={device}",
    ]
    seconds, peak = subprocess.check_output(command, text=True).split()
    return float(seconds), float(peak)


def table(side: int, device: str, rounds: int) -> str:
    """Both kinds in turns; the ratio is the median over the rounds."""
    lines = [
        f"| network, {side}² RGB | eager s a Mpx | ours s a Mpx | eager ÷ ours | eager peak MiB | ours peak MiB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in NAMES:
        turns = [[apart(kind, name, side, device) for kind in KINDS] for _ in range(rounds)]
        eager, ours = ([turn[i] for turn in turns] for i in range(2))
        ratio = statistics.median(a[0] / b[0] for a, b in zip(eager, ours, strict=True))
        costs = [statistics.median(one[0] for one in kind) / (side**2 / 1e6) for kind in (eager, ours)]
        peaks = [max(one[1] for one in kind) for kind in (eager, ours)]
        lines.append(f"| {name} | {costs[0]:.2f} | {costs[1]:.2f} | {ratio:.2f} | {peaks[0]:,.0f} | {peaks[1]:,.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write inference.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inference", description=__doc__)
    parser.add_argument("--side", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--output", type=Path, default=Path("outputs/bench"))
    parser.add_argument("--one", nargs=2, metavar=("KIND", "NETWORK"), help="measure this alone")
    given = parser.parse_args()
    if given.one:
        print(*measured(*given.one, given.side, torch.device(given.device)))
        return
    text = table(given.side, given.device, given.rounds)
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "inference.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
