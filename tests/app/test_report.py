"""Runs compared, and a sweep read from its folder."""

import shutil
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wandb
from PIL import Image

from denoiselab.app.entrants import entered, told_apart
from denoiselab.app.report import combined, pictures, prepared
from denoiselab.report.results import SUMMARY, write_figures
from denoiselab.report.tables import read_rows
from denoiselab.sweep.dashboard import swept
from denoiselab.sweep.ledger import AXES, end, freeze, read
from denoiselab.training import loggers

from .conftest import TINY


def test_tables_and_plots_of_a_sweep(shell: Any, workdir: Path) -> None:
    for sigma, psnr in ((15, 34.0), (30, 30.5)):
        freeze(job := workdir / "my sweep, (1)" / f"sigma={sigma}", {"overrides": [f"noise.sigma={sigma}"]})
        write_figures(job, {"parameters": 7, "PSNR dB": psnr, "protocol": "default"})
        end(job)
    said = shell("report", "sweep=my sweep, (1)")
    assert said.code == 0, said.err
    assert "34.00" in said.out and "written: my sweep, (1)/sigma.png" in said.out
    assert {"jobs.csv", "leaderboard.md", "sigma.png", "report.html"} <= {
        file.name for file in (workdir / "my sweep, (1)").iterdir()
    }


@pytest.mark.usefixtures("in_process")
@pytest.mark.filterwarnings("ignore")
def test_the_runs_of_a_sweep_share_a_group_and_have_its_axes_as_columns(
    shell: Any, photos: Path, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, init = [], wandb.init
    monkeypatch.setattr(wandb, "init", lambda **said: begun.append(said) or init(**{**said, "mode": "disabled"}))
    monkeypatch.setattr(loggers, "has_account", lambda: False)
    axes = ("model=dncnn,plain_dncnn", "model.depth=1,2", "data=folder", f"data.root={photos}", "baselines=false")
    own = [said for said in TINY if said.partition("=")[0] not in ("model", "model.depth", "baselines")]
    trained = shell("train", "-m", *own, *axes, "logger=wandb", "hydra.sweep.dir=all")
    assert trained.code == 0, trained.out
    assert {said["group"] for said in begun} == {"all"} and len(begun) == 4
    for said in begun:
        typed = read(workdir / said["dir"] / AXES)
        for key, place in swept(workdir / "all").items():
            assert str(reduce(lambda node, part: node[part], place.split("."), said["config"])) == typed[key]
    assert shell("report", "sweep=all", "logger=csv").line.startswith("report: logger=csv: what leaves a report")
    reported = shell("report", "sweep=all", "logger=wandb")
    assert "report: logger=wandb: no W&B account here" in reported.line and reported.code == 1
    assert "</html>" in (workdir / "all" / "report.html").read_text()


def test_what_is_no_sweep(shell: Any, workdir: Path) -> None:
    assert shell("report").line.startswith("report: name a sweep's folder, sweep=FOLDER, or what is to be compared")
    assert shell("report", "sweep=gone").line.startswith("report: sweep=gone: there is no sweep here")
    assert not list(workdir.iterdir())


def test_values_with_commas_are_tests_of_their_own() -> None:
    assert combined(["data=set12,kodak24", "noise.sigma=15,[0, 55]"]) == [
        ("data=set12", "noise.sigma=15"),
        ("data=set12", "noise.sigma=[0,55]"),
        ("data=kodak24", "noise.sigma=15"),
        ("data=kodak24", "noise.sigma=[0,55]"),
    ]
    assert prepared(["runs=a,b c", "data=set12"]) == ["tests=[['data=set12']]", "runs=['a','b c']"]


def test_commas_in_names_are_not_between_names(workdir: Path) -> None:
    for name in ("depth=4,seed=0", "depth=4,seed=1", "a"):
        (workdir / "all" / name).mkdir(parents=True)
    one, other = "all/depth=4,seed=0", "all/depth=4,seed=1"
    assert told_apart(f"{one},{other},all/a") == [one, other, "all/a"]
    assert told_apart(f"all/depth=*,seed=0,{other}") == ["all/depth=*,seed=0", other]
    assert told_apart("all/**,all/a") == ["all/**", "all/a"]
    assert told_apart("gone,b,all/a") == ["gone", "b", "all/a"]
    *own, flag, what = prepared(["runs=a", "noise.sigma=15", "--cfg", "job"])
    assert (own, flag, what) == (["tests=[['noise.sigma=15']]", "runs=['a']"], "--cfg", "job")


def test_pictures_are_told_apart_by_all_that_chooses_them() -> None:
    own = {"_target_": "x", "root": "/a", "test": "val", "train": "train", "batch_size": 4, "left_out": []}
    assert pictures(own, False) == pictures({**own, "batch_size": 8, "train": "all", "train_size": 9}, False)
    for change in ({"test": "train"}, {"left_out": ["1.png"]}, {"root": "/b"}, {"window": 3}):
        assert pictures(own, False) != pictures({**own, **change}, False)
    drawn = {**own, "test": None}
    assert pictures(drawn, False) != pictures({**drawn, "train": "all"}, False)
    assert pictures(drawn, True) == pictures({**drawn, "train": "all"}, True)


def test_runs_have_the_figures_that_evaluate_gives_them(
    shell: Any, tiny_run: Path, photos: Path, workdir: Path
) -> None:
    shutil.copytree(tiny_run, workdir / "mine")
    shutil.copytree(tiny_run, workdir / "other")
    test = ("data=folder", f"data.root={photos}", "protocol=dncnn")
    said = shell("report", "runs=mine,other", *test, "noise.sigma=15,40", "baselines=false", "output=out")
    assert said.code == 0, said.err
    rows = {row.pop("restorer"): row for row in read_rows(workdir / "out" / "comparison.csv")[1]}
    assert list(rows) == ["noisy", "mine", "other"]
    assert (
        shell("evaluate", "ckpt=mine", *test, "noise.sigma=40", "seed=0", "baselines=false", "output=alone").code == 0
    )
    known = (workdir / "alone" / SUMMARY).read_text()
    column = next(name for name in rows["mine"] if "sigma 40" in name and "dncnn" in name)
    for run in ("mine", "other"):
        assert f"\nPSNR dB: {float(rows[run][column])}" in known
    assert {"report.html", "sigma.png", "figures.csv"} <= {file.name for file in (workdir / "out").iterdir()}
    for name in ("pictures_7.png", "pictures_holiday.png"):
        (workdir / "out" / name).touch()
    again = shell("report", "runs=mine", *test, "noise.sigma=15", "baselines=false", "output=out")
    assert again.code == 0 and "measuring speed and memory" in again.out
    left = {file.name for file in (workdir / "out").glob("*.png")}
    assert left == {"pictures_1.png", "pictures_holiday.png"}
    twice = shell("report", "runs=mine", *test, "method=denoiser,denoiser")
    assert "mine on" in twice.line and twice.line.endswith("a report measures a run by one method")


def test_a_folder_of_pairs_is_recognised(workdir: Path) -> None:
    for side in ("noisy", "clean"):
        (workdir / "mine" / side).mkdir(parents=True)
        for name in ("a", "b"):
            Image.fromarray(np.zeros((16, 16), np.uint8)).save(workdir / "mine" / side / f"{name}.png")
    tests, *_ = prepared(["runs=r", "data=folder", "data.root=mine", "protocol=dncnn"])
    assert "data=pairs" in tests and "noisy" in tests and "protocol=dncnn" in tests and "data=folder" not in tests


def test_a_dashboard_is_where_the_jobs_are_logged(workdir: Path) -> None:
    freeze(
        workdir / "all" / "0",
        {"overrides": [], "config": {"logger": {"name": "wandb", "project": "p q", "entity": "us"}}},
    )
    assert prepared(["sweep=all", "logger=wandb", "logger.project=x"]) == [
        "logger.project='p q'", "logger.entity='us'", "sweep=all", "logger=wandb", "logger.project=x",
    ]  # fmt: skip


def test_a_run_called_like_what_stands_beside_it_is_called_by_more_of_its_path(
    workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("clean", "other"):
        (workdir / "runs" / name).mkdir(parents=True)
        (workdir / "runs" / name / "best.ckpt").touch()
    assert [*entered(["runs/clean", "runs/other"])] == ["runs/clean", "runs/other"]
    assert [*entered(["runs/other"])] == ["other"]
    monkeypatch.chdir("runs")
    assert [*entered(["clean"])] == ["runs/clean"]


def test_a_noise_that_a_run_does_not_know_is_told_before_anything_is_measured(shell: Any, workdir: Path) -> None:
    words = ("data=photos", "noise.sigma=25", "baselines=false")
    said = shell("report", "runs=builtin/rgb,builtin/camera", *words)
    assert said.code == 1 and said.line.startswith(
        "report: builtin/camera: noise.sigma=25: a list of numbers is needed"
    )
    assert "noise=gaussian" in said.line and "measuring" not in said.out + said.err


def test_what_is_no_run(shell: Any, workdir: Path) -> None:
    assert shell("report", "runs=gone*").line == "report: runs=gone*: no run matches"
    assert "gone: there is nothing there" in shell("report", "runs=gone").line
