"""The launchers that are installed, each an extra: killed, and brought to the end by the same command."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from denoiselab.sweep.ledger import LOCK, jobs, state
from denoiselab.sweep.locks import held

SAID = (
    "-m", "noise.sigma=15,-3", "model=dncnn", "model.num_features=4", "model.depth=1", "data.batch_size=2",
    "data.crop_size=16", "data.val_crop=32", "data.train=[chelsea.png]", "data.test=[coffee.png]", "protocol.crop=64",
    "callbacks=none", "trainer=cpu", "trainer.precision=32-true", "trainer.max_steps=300", "trainer.val_every=20",
    "baselines=false", "hydra.sweep.dir=all",
)  # fmt: skip


@pytest.mark.slow
def test_killed_and_gone_on_with(launcher: tuple[str, ...], root: Path, workdir: Path) -> None:
    command = [sys.executable, str(root / "train.py"), *SAID, *launcher]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not Path("all/sigma=15/last.ckpt").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    end = time.monotonic() + 60
    while any(held(job / LOCK) for job in jobs(Path("all"))):
        assert time.monotonic() < end
        time.sleep(0.1)
    done = subprocess.run(command, capture_output=True, text=True, timeout=400)
    assert "train: 1 of 2 jobs failed, the last one: noise.sigma=-3: " in done.stderr
    assert {job.name: state(job) for job in jobs(Path("all"))} == {"sigma=-3": "failed", "sigma=15": "done"}
