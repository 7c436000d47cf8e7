"""A sweep whose processes are really killed, and which the same command brings to the same end."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from denoiselab.report.tables import read_rows
from denoiselab.sweep.ledger import LOCK, OUTCOME, state
from denoiselab.sweep.locks import held

pytestmark = pytest.mark.slow
SAID = (
    "-m", "noise.sigma=15,30", "model=dncnn", "model.num_features=4", "model.depth=2", "data.batch_size=2",
    "data.crop_size=16", "data.val_crop=32", "data.train=[chelsea.png]", "data.test=[coffee.png]", "protocol.crop=64",
    "callbacks=none", "trainer=cpu", "trainer.precision=32-true", "trainer.max_steps=400", "trainer.val_every=20",
    "baselines=false",
)  # fmt: skip


def started(root: Path, folder: str, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(root / "train.py"), *SAID, *more, f"hydra.sweep.dir={folder}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    said = process.communicate(timeout=500)[0]
    assert process.returncode == 0, said
    return said


def children(process: subprocess.Popen[str]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def wait_until(happened: Callable[[], object], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def figures(folder: str) -> list[dict[str, str]]:
    return [{k: v for k, v in row.items() if k != "code"} for row in read_rows(Path(folder, "jobs.csv"))[1]]


def weights(folder: str) -> list[torch.Tensor]:
    files = sorted(Path(folder).glob("*/last.ckpt"))
    return [v for file in files for v in torch.load(file, weights_only=True)["state_dict"].values()]


def test_killed_again_and_again(root: Path, workdir: Path) -> None:
    finished(started(root, "whole"))
    draw = random.Random(int.from_bytes(os.urandom(2)))
    for victim in ("parent", "parent", "job"):
        process = started(root, "killed")
        wait_until(lambda running=process: children(running) or running.poll() is not None)
        time.sleep(draw.uniform(0, 4))
        pids = children(process)
        if process.poll() is None:  # a fast machine is done in less
            os.kill(process.pid if victim == "parent" or not pids else pids[0], signal.SIGKILL)
        process.communicate()
        wait_until(lambda: not any(held(lock) for lock in Path("killed").glob(f"*/{LOCK}")))
    finished(started(root, "killed"))
    assert figures("killed") == figures("whole")
    pairs = zip(weights("killed"), weights("whole"), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_killed_job_fails_alone_and_goes_on(root: Path, workdir: Path) -> None:
    process, first = started(root, "all"), Path("all/sigma=15")
    wait_until(lambda: (first / "last.ckpt").exists())
    os.kill(children(process)[0], signal.SIGKILL)
    said = process.communicate(timeout=500)[0]
    assert process.returncode == 1
    assert "train: 1 of 2 jobs failed, the last one: killed by SIGKILL;" in said
    assert (state(first), state(Path("all/sigma=30"))) == ("failed", "done")
    finished(started(root, "all"))
    assert state(first) == "done" and "going on with" in (first / "log.txt").read_text()


def test_ctrl_c_saves_and_says_how_to_go_on(root: Path, workdir: Path) -> None:
    process = started(root, "all", "trainer.max_steps=100000")
    wait_until(lambda: Path("all/sigma=15/last.ckpt").exists())
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert said.strip().endswith("train: stopped; 2 of 2 jobs are left: the same command goes on with them")
    assert "stopped at step" in Path("all/sigma=15/log.txt").read_text()
    assert not list(Path("all").glob(f"*/{OUTCOME}"))


def test_slurms_word_that_the_time_is_nearly_up(root: Path, workdir: Path) -> None:
    process, first = started(root, "all"), Path("all/sigma=15")
    wait_until(lambda: (first / "last.ckpt").exists())
    os.kill(children(process)[0], signal.SIGUSR2)
    said = process.communicate(timeout=500)[0]
    assert "train: 1 of 2 jobs are left: the same command goes on with them" in said
    assert state(first) == "interrupted" and "stopped at step" in (first / "log.txt").read_text()


def test_started_twice(root: Path, workdir: Path) -> None:
    process = started(root, "all")
    wait_until(lambda: children(process))
    second = started(root, "all")
    said = second.communicate(timeout=60)[0]
    process.terminate()
    process.communicate()
    assert second.returncode == 1
    assert said.startswith("train: all is running already (") and said.count("\n") == 1
