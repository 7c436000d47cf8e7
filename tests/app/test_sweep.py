"""Sweeps: one folder that is named by what is in it, one row a job, the same command goes on."""

import os
import shutil
import signal
import time
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightning.pytorch import Callback

from denoiselab.methods.checkpoint import read_checkpoint
from denoiselab.report.tables import read_rows
from denoiselab.sweep.ledger import state
from denoiselab.sweep.locks import take

from .conftest import Said

SMALL = (
    "data.train=[chelsea.png]", "data.test=[]", "budget=smoke", "model=dncnn", "model.num_features=8",
    "data.batch_size=2", "data.crop_size=16", "callbacks=none", "trainer.accelerator=cpu",
    "trainer.log_every_n_steps=1", "trainer.precision=32-true", "trainer.max_steps=2",
)  # fmt: skip
pytestmark = [pytest.mark.usefixtures("in_process", "workdir"), pytest.mark.filterwarnings("ignore")]


class Broken(Callback):
    """A job with a bug, or one that is stopped."""

    def __init__(self, error: str) -> None:
        self.error = error

    def on_train_batch_start(self, trainer: Any, *_: Any) -> None:
        if self.error == "bug":
            raise TypeError("a bug")
        if self.error == "once" and not Path("mended").exists():
            raise OSError("not mended")
        if self.error == "stop":
            os.kill(os.getpid(), signal.SIGINT)
        if self.error == "delete" and not Path("mended").exists():
            shutil.rmtree(trainer.default_root_dir)


def swept(shell: Any, *axes: str, folder: str | None = "all") -> Said:
    given = {axis.partition("=")[0] for axis in axes}
    own = [argument for argument in SMALL if argument.partition("=")[0] not in given]
    return shell("train", "-m", *own, *axes, *([f"hydra.sweep.dir={folder}"] if folder else []))


def broken(shell: Any, *errors: str) -> Said:
    own = f"+callbacks.broken._target_={__name__}.Broken"
    return swept(shell, own, f"+callbacks.broken.error={','.join(errors)}")


def states(folder: str = "all") -> dict[str, str]:
    return {job.name: state(job) for job in sorted(Path(folder).iterdir()) if job.is_dir()}


def weights(folder: str = "all") -> dict[str, int]:
    return {file.parent.name: file.stat().st_mtime_ns for file in Path(folder).glob("*/last.ckpt")}


def test_jobs_fail_alone(shell: Any) -> None:
    said = swept(shell, "noise.sigma=-1,20,-2")
    assert said.code == 1
    assert said.line.startswith("train: 2 of 3 jobs failed, the last one: noise.sigma=-2: ")
    assert said.line.endswith("; the same command tries them again")
    assert [line.split(":")[0] for line in said.out.splitlines() if line.startswith("failed   ")] == [
        "failed      sigma=-1", "failed      sigma=-2",
    ]  # fmt: skip
    rows = {row["job"]: row for row in read_rows(Path("all/jobs.csv"))[1]}
    assert rows["sigma=-1"]["state"] == "failed" and "noise.sigma=-1: " in rows["sigma=-1"]["error"]
    assert (rows["sigma=20"]["state"], rows["sigma=20"]["error"]) == ("done", "")


def test_jobs_that_do_not_compose_fail_alone(shell: Any) -> None:
    said = swept(shell, "model=nope,dncnn,unet", "model.depth=1")
    assert said.code == 1
    assert said.line.startswith("train: 2 of 3 jobs failed, the last one: model.depth: there is no such key here")
    assert states() == {"model=dncnn": "done", "model=nope": "failed", "model=unet": "failed"}


def test_of_a_sweep_of_which_no_job_composes_nothing_stays(shell: Any, tmp_path: Path) -> None:
    said = swept(shell, "model=nope,nopo")
    assert said.line.startswith("train: 2 of 2 jobs failed") and "no such option" in said.line
    assert not list(tmp_path.iterdir())


def test_a_job_with_a_bug_fails_alone(shell: Any) -> None:
    said = broken(shell, "bug", "none")
    assert "Traceback" in said.err and "train: 1 of 2 jobs failed, the last one: TypeError: a bug;" in said.line
    assert states() == {"error=bug": "failed", "error=none": "done"}


def test_the_same_command_skips_what_is_done_and_tries_again_what_failed(shell: Any) -> None:
    assert broken(shell, "once", "none").code == 1
    before = weights()
    Path("mended").touch()
    said = broken(shell, "none", "once")
    assert said.code == 0, said.err
    assert states() == {"error=none": "done", "error=once": "done"}
    assert weights()["error=none"] == before["error=none"]


def test_a_job_that_was_stopped_goes_on(shell: Any) -> None:
    said = broken(shell, "stop", "none")
    assert said.line == "train: 1 of 2 jobs are left: the same command goes on with them"
    assert states() == {"error=none": "done", "error=stop": "interrupted"}
    assert read_checkpoint(Path("all/error=stop/last.ckpt"))["global_step"] == 1
    assert broken(shell, "stop", "none").code == 1  # after its second step, which is the last
    assert broken(shell, "stop", "none").code == 0
    assert set(states().values()) == {"done"}


def test_the_folder_is_named_by_what_is_swept(shell: Any) -> None:
    said = swept(shell, "noise.sigma=-1", "model.depth=1,2", folder=None)
    assert said.code == 1
    (first,) = Path("outputs").iterdir()
    assert first.name.startswith("sweep_depth_")
    swept(shell, "model.depth=1,2", "noise.sigma=-1", folder=None)
    assert list(Path("outputs").iterdir()) == [first]
    swept(shell, "model.depth=1,2", "noise.sigma=-2", folder=None)
    assert len(list(Path("outputs").iterdir())) == 2


def test_a_job_keeps_the_configuration_that_it_was_given(shell: Any) -> None:
    swept(shell, "noise.sigma=-1,20")
    file = Path("all/sigma=-1/job.yaml")
    kept = yaml.safe_load(file.read_text())
    kept["config"]["noise"]["sigma"] = 30
    file.write_text(yaml.safe_dump(kept))
    assert swept(shell, "noise.sigma=-1,20").code == 0
    assert yaml.safe_load(Path("all/sigma=-1/config.yaml").read_text())["noise"]["sigma"] == 30


def test_a_job_of_older_code_gets_the_keys_that_are_new(shell: Any) -> None:
    swept(shell, "noise.sigma=-1,20")
    file = Path("all/sigma=-1/job.yaml")
    kept = yaml.safe_load(file.read_text())
    kept["config"]["noise"]["sigma"] = 30
    del kept["config"]["weights"], kept["config"]["data"]["val_crop"]
    file.write_text(yaml.safe_dump(kept | {"code": "0.0.1 1234567"}))
    said = swept(shell, "noise.sigma=-1,20")
    assert said.code == 0 and "begun with denoiselab 0.0.1 1234567, going on with" in said.out
    config = yaml.safe_load(Path("all/sigma=-1/config.yaml").read_text())
    assert config["weights"] is None and "val_crop" in config["data"]
    assert config["noise"]["sigma"] == 30, "the others stay"


def test_a_folder_that_was_deleted_is_made_anew(shell: Any) -> None:
    swept(shell, "noise.sigma=20,30")
    before = weights()
    shutil.rmtree("all/sigma=20")
    assert swept(shell, "noise.sigma=20,30").code == 0
    assert states() == {"sigma=20": "done", "sigma=30": "done"}
    assert weights()["sigma=30"] == before["sigma=30"]


def test_a_folder_that_is_deleted_under_its_job(shell: Any) -> None:
    said = broken(shell, "delete", "none")
    assert said.code == 1 and "train: 1 of 2 jobs failed, the last one: " in said.line
    assert states() == {"error=delete": "failed", "error=none": "done"}
    Path("mended").touch()
    assert broken(shell, "delete", "none").code == 0
    kept = {job: {file.name for file in Path("all", job).glob("[!.]*")} for job in states()}
    assert set(states().values()) == {"done"} and kept["error=delete"] >= kept["error=none"]


def test_a_clock_that_jumps(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, days = time.time, cycle((0, -86400, 86400))
    monkeypatch.setattr(time, "time", lambda: clock() + next(days))
    assert swept(shell, "noise.sigma=20,30").code == 0
    assert 0 < yaml.safe_load(Path("all/sigma=20/outcome.yaml").read_text())["seconds"] < 3600


def test_two_people_start_the_same_sweep(shell: Any) -> None:
    with take(Path("all/.lock")) or pytest.fail("nobody else holds it"):
        said = swept(shell, "noise.sigma=20,30")
    assert said.code == 1
    assert said.err.strip().startswith("train: all is running already (") and "\n" not in said.err.strip()
    assert [file.name for file in Path("all").iterdir()] == [".lock"]


def test_another_sweeps_folder_is_refused(shell: Any) -> None:
    swept(shell, "noise.sigma=20,30")
    outcome = Path("all/sigma=20/outcome.yaml")
    outcome.write_text("error: a bug\n")
    said = swept(shell, "noise.sigma=20,30", "seed=1")
    assert "all/sigma=20 is a job of another sweep: name another hydra.sweep.dir" in said.line
    assert outcome.read_text() == "error: a bug\n"


def test_a_run_that_goes_on_is_no_sweep(shell: Any, tiny_run: Path) -> None:
    said = shell("train", "-m", f"ckpt={tiny_run}", "trainer.max_steps=20,30")
    assert said.code == 1 and "a sweep (-m) begins runs of its own: weights=" in said.line


def test_axes_of_an_experiment_are_a_sweep_too(shell: Any) -> None:
    said = swept(
        shell, "experiment=sweep_architectures", "noise.sigma=20", "model.depth=-1", "model=dncnn", folder=None
    )
    assert said.line.startswith("train: 3 of 3 jobs failed, the last one: model.depth=-1")
    (folder,) = Path("outputs").iterdir()
    assert folder.name.startswith("sweep_architectures_")
    assert list(states(str(folder))) == ["init=default", "init=he", "init=zero_last"]
