"""One environment for every test: no display, no account, no thread race, no data of the machine."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Before torch, matplotlib or wandb are imported; subprocesses inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["MPLBACKEND"] = "Agg"
os.environ["WANDB_MODE"] = "offline"
os.environ["WANDB_SILENT"] = "true"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
os.environ.pop("HYDRA_FULL_ERROR", None)
if folder := os.environ.pop("DENOISELAB_DATA", None):
    os.environ["REAL_SETS"] = folder  # for tests/data/test_real_sets.py alone


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root, where the scripts and conf/ lie."""
    return ROOT


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def slurm() -> None:
    """A Slurm that answers (`make test-slurm` makes one for its time)."""
    if not shutil.which("sinfo") or subprocess.run(["sinfo"], capture_output=True, timeout=60).returncode:
        pytest.skip("no Slurm answers: make test-slurm")


@pytest.fixture(autouse=True)
def _seeded() -> None:
    """The same global random state for every test, whatever ran before it."""
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)
