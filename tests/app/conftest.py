"""The command line in this process, small pictures to train on, and one tiny run."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from denoiselab.app import job
from denoiselab.app.cli import run as run_verb
from denoiselab.sweep.ledger import LOG

TINY = (
    "budget=smoke", "model=dncnn", "model.num_features=8", "model.depth=1", "data.batch_size=2", "data.crop_size=16",
    "data.val_crop=16", "data.crops_per_picture=4", "callbacks=none", "trainer.precision=32-true",
    "trainer.accelerator=cpu", "trainer.max_steps=4", "trainer.val_every=2", "trainer.log_every_n_steps=1",
    "scheduler=constant", "baselines=true",
)  # fmt: skip

LAUNCHERS = {
    "joblib": ("hydra_joblib_launcher", "hydra.launcher.n_jobs=2"),
    "submitit_local": ("hydra_submitit_launcher", "hydra.launcher.timeout_min=10"),
    "submitit_slurm": ("hydra_submitit_launcher", "hydra.launcher.timeout_min=10"),
    "ray": ("hydra_ray_launcher", "+hydra.launcher.ray.remote.num_cpus=1"),
}
"""The extras, each with an option that suits this machine."""


@dataclass(frozen=True)
class Said:
    """What a command came to: its exit code and what stood on the terminal."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The last line of stderr."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


Shell = Callable[..., Said]


@contextmanager
def typed(verb: str, *arguments: object) -> Iterator[None]:
    """`sys.argv` as a shell would fill it."""
    before = sys.argv
    sys.argv = [f"{verb}.py", *map(str, arguments)]
    try:
        yield
    finally:
        sys.argv = before


def call(verb: str, *arguments: object) -> tuple[int, str]:
    """Run a verb in this process; its exit code and last words."""
    with typed(verb, *arguments):
        try:
            run_verb(verb)
        except SystemExit as end:
            return (0, "") if not end.code else (1, str(end.code))
    return 0, ""


@pytest.fixture
def shell(capfd: pytest.CaptureFixture[str]) -> Shell:
    """`shell("train", "model=dncnn", ...)` in this process."""

    def run(verb: str, *arguments: object) -> Said:
        capfd.readouterr()
        code, last = call(verb, *arguments)
        out, err = capfd.readouterr()
        return Said(code, out, err + last)

    return run


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs of a sweep in this process: they take milliseconds, not seconds."""

    def process(folder: Path) -> int:
        (folder / LOG).touch()
        try:
            job.work(folder)
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    monkeypatch.setattr(job, "process", process)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four small RGB pictures cut from a photograph."""
    skimage_data = pytest.importorskip("skimage.data")
    folder, whole = tmp_path_factory.mktemp("my photos (ä, 1=2)"), np.asarray(skimage_data.chelsea())
    for i in range(4):
        Image.fromarray(whole[60 * i : 60 * i + 24, 100:128]).save(folder / f"{i}.png")
    return folder


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    """A run of four steps; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "a run, (x=1) 'ü' #2"
    own = ("data=folder", f"data.root={photos}", "noise.sigma=20", f"hydra.run.dir={folder}")
    assert call("train", *TINY, *own) == (0, "")
    return folder


@pytest.fixture(params=LAUNCHERS)
def launcher(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The words that choose one of the launchers that are installed."""
    plugin, option = LAUNCHERS[request.param]
    if not importlib.util.find_spec("hydra_plugins") or not importlib.util.find_spec(f"hydra_plugins.{plugin}"):
        pytest.skip(f"{plugin} is not installed")
    if request.param == "submitit_slurm":
        request.getfixturevalue("slurm")
    return f"hydra/launcher={request.param}", option
