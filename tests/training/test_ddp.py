"""Several processes train as one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch.utilities import rank_zero_only

from denoiselab.methods.checkpoint import LAST, read_checkpoint
from denoiselab.report.tables import read_rows
from denoiselab.training.run import Run, train

PLAIN = ("model=unet", "trainer.precision=64-true", "trainer.max_steps=4", "data.batch_size=4", "data.crop_size=12",
         "model.num_features=2")  # fmt: skip
DDP = ("trainer=ddp", "trainer.accelerator=cpu", "trainer.devices=2")


def rank(number: int, port: int, config: dict[str, Any], folder: Path) -> None:
    os.environ.update(
        LOCAL_RANK=str(number), NODE_RANK="0", WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port)
    )
    rank_zero_only.rank = number
    train(Run(config, {}, folder))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def weights(folder: Path) -> torch.Tensor:
    return torch.cat([value.flatten() for value in read_checkpoint(folder / LAST)["state_dict"].values()])


def shown(folder: Path, name: str) -> list[float]:
    return [float(row[name]) for row in read_rows(folder / "metrics.csv")[1] if row[name]]


def test_two_processes_do_what_one_does(
    composed: Callable[..., dict[str, Any]], tmp_path: Path, forked: Callable[..., Any], free_port: int
) -> None:
    config = composed(*DDP, *PLAIN, "trainer.accelerator=cpu", "trainer.log_every_n_steps=1")
    both = [forked(rank, number, free_port, config, tmp_path / "two runs") for number in (0, 1)]
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    train(Run(composed(*PLAIN), {}, tmp_path / "one"))
    assert weights(tmp_path / "one").dtype is torch.float64
    assert torch.allclose(weights(tmp_path / "one"), weights(tmp_path / "two runs"), rtol=0, atol=1e-12)
    for name in ("loss", "val/psnr"):
        assert shown(tmp_path / "one", name) == pytest.approx(shown(tmp_path / "two runs", name), rel=1e-8)


NODES = ("trainer.num_nodes=2", "trainer.devices=1", "data.test=[]", "trainer.max_steps=6", "trainer.val_every=3")


def command(root: Path, folder: Path, *overrides: str) -> list[str]:
    said = ("model=unet", "model.num_features=4", "data.batch_size=4", "data.crop_size=16", "data.val_crop=32",
            "data.train=[chelsea.png]", "data.val=[coffee.png]", "callbacks=none", "trainer.precision=64-true",
            "protocol.crop=64")  # fmt: skip
    return [sys.executable, str(root / "train.py"), *said, *DDP, f"hydra.run.dir={folder}", *overrides]


def descendants(process: subprocess.Popen[str]) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in found.read_text().split()]


@pytest.mark.slow
def test_command_makes_one_folder_and_says_everything_once(root: Path, workdir: Path) -> None:
    folder = workdir / "one run (x=1, ü)"
    done = subprocess.run(
        command(root, folder, "data.test=[rocket.jpg]", "trainer.max_steps=6", "trainer.val_every=3"),
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for part in ("network   UNet", "  wavelet  ", "written to", "next:"):
        assert done.stdout.count(part) == 1, part
    assert [path.name for path in workdir.iterdir()] == [folder.name]
    assert len(list(folder.glob("*.csv"))) == 2 and not list(folder.glob(".*"))


@pytest.mark.slow
def test_batch_that_can_not_be_shared_is_one_line(root: Path, workdir: Path) -> None:
    done = subprocess.run(
        command(root, workdir / "run", "data.batch_size=3", "data.test=[]"), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ["train: data.batch_size=3 can't be shared among 2 devices"]


@pytest.mark.slow
def test_a_network_with_a_buffer(root: Path, workdir: Path) -> None:
    """EDSR's mean colour is one: channels-last, devices can't exchange it."""
    own = ("experiment=super_resolution", "data=photos", "budget=smoke", "baselines=false", "data.test=[]", *DDP)
    script = [sys.executable, str(root / "train.py"), f"hydra.run.dir={workdir / 'run'}", *own]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_method_that_skips_parameters_says_so(root: Path, workdir: Path) -> None:
    own = ("experiment=super_resolution_mdsr", "data=photos", "budget=smoke", "data.test=[]", *DDP)
    script = [sys.executable, str(root / "train.py"), f"hydra.run.dir={workdir / 'run'}", *own]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300)
    said = "train: trainer.strategy: a step of MultiScale leaves parameters without a gradient: take trainer.devices=1"
    assert (done.returncode, done.stderr.strip().startswith(said), done.stderr.count("\n")) == (1, True, 1)
    script.append("trainer.strategy=ddp_find_unused_parameters_true")
    done = subprocess.run(script, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def torchrun(port: int, node: int, *command: str) -> subprocess.Popen[str]:
    own = (f"--master-port={port}", f"--node-rank={node}")
    return subprocess.Popen(
        [sys.executable, "-m", "torch.distributed.run", "--nnodes=2", "--master-addr=127.0.0.1", *own, *command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_two_machines_by_torchrun(root: Path, workdir: Path, free_port: int) -> None:
    """One launcher for each machine, here both on this one."""
    own = command(root, workdir / "run", *NODES)[1:]
    nodes = [torchrun(free_port, number, *own) for number in (0, 1)]
    said = [node.communicate(timeout=400)[0] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0], said
    assert ["2 x cpu" in words and "written to" in words for words in said] == [True, False]
    assert [path.name for path in workdir.iterdir()] == ["run"]


@pytest.mark.slow
@pytest.mark.usefixtures("slurm")
def test_two_machines_by_slurm(root: Path, workdir: Path) -> None:
    done = subprocess.run(
        ["srun", "--nodes=2", "--ntasks-per-node=1", *command(root, workdir / "run", *NODES)],
        capture_output=True, text=True, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("2 x cpu") == done.stdout.count("written to") == 1
    assert [path.name for path in workdir.iterdir()] == ["run"]


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["first", "second"])
def test_killed_rank_ends_the_command(victim: str, root: Path, workdir: Path) -> None:
    folder = workdir / "run"
    process = subprocess.Popen(
        command(root, folder, "data.test=[]", "trainer.max_steps=100000", "trainer.val_every=20"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: (folder / LAST).exists(), 120)
        (second,) = descendants(process)
        os.kill(process.pid if victim == "first" else second, signal.SIGKILL)
        assert process.wait(60) != 0
        wait_for(lambda: not alive(second), 60)
        assert read_checkpoint(folder / LAST)["global_step"] >= 20
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_stopped_command_saves(number: signal.Signals, root: Path, workdir: Path) -> None:
    folder = workdir / "run"
    process = subprocess.Popen(
        command(root, folder, "data.test=[]", "trainer.max_steps=100000", "trainer.val_every=20"),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: (folder / LAST).exists(), 120)
        (second,) = descendants(process)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 1 and said.count("stopped at step") == 1, said
        wait_for(lambda: not alive(second), 30)
    finally:
        process.kill()
        process.wait()


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be asked does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)
