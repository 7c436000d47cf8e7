"""A sweep that is killed three times at random moments and finished by the same command, beside one never killed.

    python experiments/sweep/killed.py FOLDER [LAUNCHER …]

The command itself is killed twice, then one of its jobs, each by SIGKILL, and at once the command is given anew; under
the launchers that are named, one after another. FOLDER/whole is the sweep that nobody kills. In the end both have to
hold the same table and, bit for bit, the same weights.
"""

import os
import random
import signal
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import torch

from denoiselab.methods.checkpoint import LAST
from denoiselab.report.tables import read_rows
from denoiselab.sweep.ledger import OUTCOME

TRAIN = Path(__file__).parents[2] / "train.py"
SWEEP = (
    "-m", "model=dncnn,udncnn", "model.depth=4,6", "noise.sigma=15,25,50", "model.num_features=8", "data=folder",
    "data.root=${oc.env:DENOISELAB_DATA}", "data.train=kodak24", "data.val=null", "data.test=set5", "data.crop_size=32",
    "data.val_crop=64", "data.batch_size=4", "callbacks=none", "baselines=false", "trainer=cpu",
    "trainer.precision=32-true", "trainer.max_steps=60", "trainer.val_every=5",
)  # fmt: skip
"""12 jobs on Kodak's pictures, measured on Set5; a checkpoint every five steps."""
LAUNCHERS = {
    "basic": (),
    "joblib": ("hydra/launcher=joblib", "hydra.launcher.n_jobs=2"),
    "submitit_slurm": ("hydra/launcher=submitit_slurm", "hydra.launcher.array_parallelism=2"),
    "ray": ("hydra/launcher=ray", "+hydra.launcher.ray.remote.num_cpus=1"),
}


def started(folder: Path, launcher: str) -> subprocess.Popen[bytes]:
    """The command, its words in `FOLDER.log`."""
    with folder.with_suffix(".log").open("ab") as log:
        command = [sys.executable, str(TRAIN), *SWEEP, *LAUNCHERS[launcher], f"hydra.sweep.dir={folder}"]
        return subprocess.Popen(command, stdout=log, stderr=log)


def working(folder: Path) -> list[int]:
    """The processes that do the jobs of a sweep, whoever started them."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().decode(errors="replace").split("\0")
            here = file.with_name("cwd").readlink()
        except OSError:  # it has just ended
            continue
        if "denoiselab.app.job" in words and any((here / word).parent == folder for word in words):
            found.append(int(file.parent.name))
    return found


def kill(folder: Path, launcher: str, victim: str, begun: int) -> str:
    """Give the command and, at a random moment after so many jobs have a checkpoint, end it or a job; in words."""
    process = started(folder, launcher)
    while process.poll() is None and len(list(folder.glob(f"*/{LAST}"))) < begun:
        time.sleep(0.1)
    time.sleep(random.uniform(0, 2))
    found = working(folder)
    while not found and process.poll() is None:
        time.sleep(0.1)
        found = working(folder)
    if process.poll() is not None:
        sys.exit(f"{launcher}: the sweep ended before it was killed")
    os.kill(random.choice(found) if victim == "job" else process.pid, signal.SIGKILL)
    process.wait()
    ended, kept = ({file.parent.name for file in folder.glob(f"*/{name}")} for name in (OUTCOME, LAST))
    return f"{launcher}: the {victim} was killed, {len(ended)} of 12 jobs had ended, {len(kept - ended)} were under way"


def table(folder: Path) -> list[dict[str, str]]:
    """The leaderboard, without the code's version."""
    return [{k: v for k, v in row.items() if k != "code"} for row in read_rows(folder / "leaderboard.csv")[1]]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """The last weights of all jobs."""
    states = {file.parent.name: torch.load(file, weights_only=True) for file in folder.glob(f"*/{LAST}")}
    return {f"{job}: {name}": v for job, state in states.items() for name, v in state["state_dict"].items()}


def main(folder: Path, launchers: list[str]) -> None:
    """Kill, finish, and compare with the sweep that nobody kills."""
    folder.mkdir(parents=True, exist_ok=True)
    *first, last = islice(cycle(launchers), 4)
    killed, whole = folder / "-".join(launchers), folder / "whole"
    moments = sorted(random.sample(range(1, 9), 3))
    for launcher, victim, begun in zip(first, ("command", "command", "job"), moments, strict=True):
        print(kill(killed, launcher, victim, begun), flush=True)
    if started(killed, last).wait() or started(whole, "basic").wait():
        sys.exit(f"a sweep has failed: {killed}.log, {whole}.log")
    a, b = weights(whole), weights(killed)
    same = a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
    print(f"{last}: {len(table(killed))} jobs, the same table: {table(killed) == table(whole)}, weights: {same}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2:] or ["basic"]) if len(sys.argv) > 1 else sys.exit(__doc__)
