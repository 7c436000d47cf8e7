"""Jobs of a sweep that train on several devices."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from denoiselab.methods.checkpoint import LAST, read_checkpoint
from denoiselab.sweep.ledger import state

pytestmark = pytest.mark.slow
SAID = (
    "-m", "trainer=ddp", "trainer.accelerator=cpu", "trainer.precision=64-true", "model=unet", "model.num_features=2",
    "data.batch_size=4", "data.crop_size=16", "data.val_crop=32", "data.train=[chelsea.png]", "data.val=[coffee.png]",
    "data.test=[rocket.jpg]", "protocol.crop=64", "callbacks=none", "budget=smoke", "trainer.max_steps=6",
    "trainer.val_every=3", "hydra.sweep.dir=all",
)  # fmt: skip
KEPT = """
import torch
from lightning.pytorch import Callback

class Kept(Callback):
    def on_train_end(self, trainer, pl_module):
        weights = torch.cat([value.flatten() for value in pl_module.state_dict().values()])
        torch.save(weights, f"{trainer.default_root_dir}/rank{trainer.global_rank}.pt")
"""
"""A module of a person's own that keeps the weights of each process."""


def weights(job: Path) -> torch.Tensor:
    return torch.cat([value.flatten() for value in read_checkpoint(job / LAST)["state_dict"].values()])


def swept(root: Path, *more: str) -> list[Path]:
    """The folders of a sweep that ends well."""
    command = [sys.executable, str(root / "train.py"), *SAID, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(path for path in Path("all").iterdir() if path.is_dir() and not path.name.startswith("."))


def test_one_folder_a_job_and_the_weights_of_one_device(root: Path, workdir: Path) -> None:
    one, two = swept(root, "trainer.devices=1,2")
    assert (one.name, two.name) == ("devices=1", "devices=2")
    assert state(one) == state(two) == "done"
    assert "2 x cpu" in (two / "log.txt").read_text()
    assert torch.allclose(weights(one), weights(two), rtol=0, atol=1e-12)


def test_under_each_launcher(launcher: tuple[str, ...], root: Path, workdir: Path) -> None:
    Path("kept.py").write_text(KEPT)
    tasks = ["hydra.launcher.tasks_per_node=2"] if "submitit_slurm" in launcher[0] else []
    jobs = swept(root, *launcher, *tasks, "trainer.devices=2", "seed=0,1", "+callbacks.kept._target_=kept.Kept")
    assert [job.name for job in jobs] == ["seed=0", "seed=1"]
    for job in jobs:
        assert state(job) == "done" and "2 x cpu" in (job / "log.txt").read_text()
        assert torch.equal(*(torch.load(job / f"rank{number}.pt") for number in (0, 1)))
