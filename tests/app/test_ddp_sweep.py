"""A job of a sweep that trains on several devices."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from denoiselab.methods.checkpoint import LAST, read_checkpoint
from denoiselab.sweep.ledger import state


def weights(job: Path) -> torch.Tensor:
    return torch.cat([value.flatten() for value in read_checkpoint(job / LAST)["state_dict"].values()])


@pytest.mark.slow
def test_one_folder_a_job_and_the_weights_of_one_device(root: Path, workdir: Path) -> None:
    said = (
        "-m", "trainer.devices=1,2", "trainer=ddp", "trainer.accelerator=cpu", "trainer.precision=64-true",
        "model=unet", "model.num_features=2", "data.batch_size=4", "data.crop_size=16", "data.val_crop=32",
        "data.train=[chelsea.png]", "data.val=[coffee.png]", "data.test=[rocket.jpg]", "protocol.crop=64",
        "callbacks=none", "budget=smoke", "trainer.max_steps=6", "trainer.val_every=3", "hydra.sweep.dir=all",
    )  # fmt: skip
    done = subprocess.run([sys.executable, str(root / "train.py"), *said], capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    one, two = (Path("all", f"devices={number}") for number in (1, 2))
    assert sorted(path for path in Path("all").iterdir() if path.is_dir()) == [one, two]
    assert state(one) == state(two) == "done"
    assert "2 x cpu" in (two / "log.txt").read_text()
    assert torch.allclose(weights(one), weights(two), rtol=0, atol=1e-12)
