"""A run's own configuration, and what is said beside it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from denoiselab.app.runs import group_overrides, no_ruins, overlay, recorded, replaced, retarget
from denoiselab.errors import UserError

CHOICES = {"model": "dncnn", "data": "folder", "noise": "gaussian", "optimizer": "adam", "budget": "cpu"}


def test_group_overrides_leave_what_is_said() -> None:
    assert group_overrides(["optimizer=sgd"], CHOICES, ["model", "optimizer"]) == ["model=dncnn"]
    assert group_overrides(["data=pairs"], CHOICES, ["model", "noise"]) == ["model=dncnn"]
    assert group_overrides(["data=set12"], CHOICES, ["noise", "loss"]) == ["noise=gaussian"]


def test_overlay() -> None:
    base = {"optimizer": {"lr": 1, "betas": [0]}, "noise": {"sigma": 9}, "trainer": {"max_steps": 5}, "seed": 7}
    composed = {"optimizer": {"lr": 2}, "noise": {"sigma": 4}, "trainer": {"max_steps": 8}, "seed": 0}
    assert overlay(base, composed, ["optimizer=adam"], CHOICES) == base
    assert overlay(base, composed, ["optimizer=sgd", "noise.sigma=4"], CHOICES) == {
        **base, "optimizer": {"lr": 2}, "noise": {"sigma": 4},
    }  # fmt: skip
    assert overlay(base, composed, ["seed=0", "+optimizer.lr=2"], CHOICES)["optimizer"] == {"lr": 2, "betas": [0]}
    assert base["noise"] == {"sigma": 9}
    with pytest.raises(UserError, match="the run has no such key"):
        overlay(base, composed, ["loss.eps=1"], CHOICES)


def test_an_option_has_its_say_where_its_file_says() -> None:
    assert replaced("optimizer", "sgd") == [["optimizer"]]
    assert ["noise"] in replaced("data", "pairs")
    assert replaced("budget", "smoke") == [
        ["trainer", "max_steps"], ["trainer", "val_every"], ["trainer", "log_every_n_steps"],
    ]  # fmt: skip
    assert replaced("seed", "3") == replaced("model", "../train") == replaced("noise.sigma", "3") == []


def test_another_class_takes_of_an_options_numbers_what_it_knows() -> None:
    tree = {"model": {"_target_": "torch.nn.Conv2d", "depth": 3, "bias": True, "odd": 1}, "seed": 0}
    retarget(tree, ["model._target_=torch.nn.Conv2d", "+model.odd=1"])
    assert tree == {"model": {"_target_": "torch.nn.Conv2d", "bias": True, "odd": 1}, "seed": 0}


def test_recorded(tmp_path: Path) -> None:
    (tmp_path / "overrides.yaml").write_text("model: dncnn\nnoise.sigma: '20'\n")
    said = ["model=dncnn", "optimizer=sgd", "ckpt='x'", "noise.sigma=10"]
    assert recorded(tmp_path, said, CHOICES) == ["model=dncnn", "noise.sigma=10", "optimizer=sgd"]


def test_no_ruins(tmp_path: Path) -> None:
    for name, keeps in (("config.yaml", False), ("last.ckpt", True)):
        (folder := tmp_path / name.partition(".")[0]).mkdir()
        with pytest.raises(OSError, match="full"), no_ruins(folder):
            (folder / name).touch()
            raise OSError("full")
        assert folder.exists() is keeps


@pytest.fixture
def run_copy(tiny_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_run, tmp_path / "run, (copy) 'ö'=1"))


def configuration(run: Path) -> dict[str, Any]:
    return yaml.safe_load((run / "config.yaml").read_text())


def test_resume_takes_the_runs_own_configuration(shell: Any, run_copy: Path, workdir: Path) -> None:
    before = configuration(run_copy)
    beside = ("noise.sigma=10", "trainer.max_steps=6", "optimizer=sgd", "optimizer.lr=0.01")
    said = shell("train", f"ckpt={run_copy}", *beside)
    assert said.code == 0, said.err
    after = configuration(run_copy)
    assert after["noise"] == {**before["noise"], "sigma": 10}
    assert after["trainer"] == {**before["trainer"], "max_steps": 6}
    assert (after["optimizer"]["_target_"], after["optimizer"]["lr"]) == ("torch.optim.SGD", 0.01)
    changed = {"noise", "trainer", "optimizer", "ckpt"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}
    axes = yaml.safe_load((run_copy / "overrides.yaml").read_text())
    assert (axes["noise.sigma"], axes["optimizer"], axes["model.depth"]) == ("10", "sgd", "1")
    content = torch.load(run_copy / "last.ckpt", weights_only=True)
    assert content["global_step"] == 6
    assert content["denoiselab"]["config"] == after
    assert not list(workdir.glob("outputs"))


def test_evaluate_and_denoise_take_odd_names(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    said = shell("evaluate", f"ckpt={tiny_run}", "baselines=false", "output=my figures (1)")
    assert said.code == 0, said.err
    assert list((workdir / "my figures (1)").iterdir())
    said = shell("denoise", f"ckpt={tiny_run}", f"input={photos}", "output=out, 'ü'=#[1]", "tile=64")
    assert said.code == 0, said.err
    assert len(list((workdir / "out, 'ü'=#[1]").iterdir())) == 4


@pytest.mark.parametrize("node", ["model", "optimizer", "protocol", "noise"])
def test_a_strangers_checkpoint_runs_no_code(node: str, shell: Any, run_copy: Path, workdir: Path) -> None:
    content = torch.load(run_copy / "last.ckpt", weights_only=True)
    content["denoiselab"]["config"][node] = {"_target_": "os.system", "command": "touch pwned"}
    torch.save(content, workdir / "stranger.ckpt")
    verbs = {"train": ("hydra.run.dir=new",), "evaluate": (), "denoise": (f"input={run_copy}", "output=out")}
    for verb, more in verbs.items():
        if (verb, node) in {("evaluate", "protocol"), ("denoise", "protocol"), ("denoise", "noise")}:
            continue  # not built from the file there
        said = shell(verb, "ckpt=stranger.ckpt", *more)
        assert said.code == 1
        assert f"{node}._target_=os.system comes from a file" in said.line
        assert "trust=true" in said.line
    assert sorted(p.name for p in workdir.iterdir()) == ["run, (copy) 'ö'=1", "stranger.ckpt"]
    if node == "model":
        shell("train", "ckpt=stranger.ckpt", "trust=true", "hydra.run.dir=new")
        assert (workdir / "pwned").exists()
