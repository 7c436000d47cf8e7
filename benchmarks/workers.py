"""The processes whose steps are timed: one loop each, started once, working in turns."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.pace import CHANNEL

ROOT = Path(__file__).parents[1]
KINDS = ("eager", "matched", "ours", "ours again")
PATIENCE_S = 600
FOREVER = 10**9


@dataclass
class Worker:
    """A loop in its own process.

    first_s: from the start of the process to the end of its first step.
    rounds: what each round cost: wall_s, cpu_s and peak_mib.
    """

    process: subprocess.Popen[bytes]
    told: Connection
    first_s: float
    rounds: list[dict[str, float]] = field(default_factory=list)

    def work(self, steps: int) -> None:
        """Do a round and keep what it cost a step."""
        self.told.send(steps)
        cost = self.told.recv()
        self.rounds.append({**cost, "wall_s": cost["wall_s"] / steps, "cpu_s": cost["cpu_s"] / steps})

    def end(self) -> None:
        """Let the process go."""
        self.told.send(0)
        self.process.wait(PATIENCE_S)


def start(kind: str, case: Case, device: str, folder: Path) -> Worker:
    """Start a loop and wait for its first step.

    Raises:
        RuntimeError: the process ended, with what it said.
    """
    ours, theirs = Pipe()
    log = folder / f"{kind}.log"
    begun = time.perf_counter()
    with theirs, log.open("wb") as said:
        process = subprocess.Popen(
            command(kind, case, device, folder / kind.replace(" ", "_")),
            cwd=ROOT,
            env={**os.environ, CHANNEL: str(theirs.fileno()), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
            stdout=subprocess.DEVNULL,
            stderr=said,
            pass_fds=[theirs.fileno()],
        )
    try:
        ours.recv()
    except EOFError:
        raise RuntimeError(f"{process.args} ended with {process.wait()}: {log.read_text()}") from None
    return Worker(process, ours, time.perf_counter() - begun)


def command(kind: str, case: Case, device: str, folder: Path) -> list[str]:
    """What starts a worker: for ours, the command of a user with one callback more."""
    if kind in ("eager", "matched"):
        return [sys.executable, "-m", "benchmarks.bare", kind, case.name, device]
    return [
        sys.executable,
        "train.py",
        *case.commanded(),
        f"trainer={'gpu' if device == 'cuda' else 'cpu'}",
        f"trainer.max_steps={FOREVER}",
        f"trainer.val_every={FOREVER}",
        "+callbacks.pace._target_=benchmarks.pace.Pace",
        "trust=true",
        f"hydra.run.dir={folder}",
    ]
