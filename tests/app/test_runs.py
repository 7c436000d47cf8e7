"""A run's own configuration, and what is said beside it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from denoiselab.app.composed import one_length
from denoiselab.app.options import freed, group_overrides, replaced
from denoiselab.app.runs import no_ruins, overlay, own_words, place, recorded, relieve, retarget
from denoiselab.errors import UserError

from .conftest import TINY

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


def test_a_key_younger_than_the_run_is_as_composed() -> None:
    run = {"noise": {"_target_": "A", "sigma": 9}, "loss": {"_target_": "L1"}}
    composed = {"noise": {"_target_": "A", "sigma": 4, "clip": False}, "loss": {"_target_": "B", "eps": 1}}
    assert overlay(run, composed, [], CHOICES) == {
        "noise": {"_target_": "A", "sigma": 9, "clip": False}, "loss": {"_target_": "L1"},
    }  # fmt: skip


def test_other_data_keep_what_the_run_said_of_every_source() -> None:
    own = {"_target_": "A", "channels": 1, "batch_size": 8, "crop_size": 64, "val_crop": 256, "test": "mine"}
    new = {"_target_": "B", "channels": 3, "batch_size": 16, "crop_size": 64, "val_crop": 256, "test": "val"}
    run, choices = {"data": own}, {"data": "folder"}
    assert overlay(run, {"data": new}, ["data=bsds300"], choices)["data"] == {**new, "channels": 1, "batch_size": 8}
    said = {"data": {**new, "batch_size": 2}}
    assert overlay(run, said, ["data=bsds300", "data.batch_size=2"], choices)["data"]["batch_size"] == 2
    assert overlay(run, {"data": new}, ["data=bsds300", "data.channels=3"], choices)["data"]["channels"] == 3


def test_an_option_takes_with_it_what_it_said() -> None:
    trainer = {"max_steps": 20, "log_every_n_steps": 5, "limit_val_batches": 7, "limit_test_batches": 2}
    base = {"trainer": {**trainer, "val_every": 3, "max_time": "1"}, "baselines": False, "sizes": "cpu"}
    usual = {"max_steps": 500, "log_every_n_steps": 25, "limit_val_batches": None, "limit_test_batches": None}
    composed = {"trainer": {**usual, "val_every": 250, "max_time": None}, "baselines": True, "sizes": "cpu"}
    said = {"limit_val_batches": 7, "val_every": 3, "max_time": "1"}
    assert overlay(base, composed, ["budget=cpu"], {"budget": "smoke"}) == {
        "trainer": {**usual, **said}, "baselines": True, "sizes": "cpu",
    }  # fmt: skip


def test_another_class_replaces_the_whole_part() -> None:
    run, composed = {"optimizer": {"_target_": "A", "lr": 1, "betas": []}}, {"optimizer": {"_target_": "B", "lr": 2}}
    assert overlay(run, composed, ["optimizer._target_=B"], CHOICES) == composed
    assert overlay(run, composed, ["optimizer._target_=A"], CHOICES) == run


def test_own_words() -> None:
    recipe = {"choices": {"model": "unet"}, "config": {"steps": {"cpu": 5}, "seed": 0}}
    assert own_words(recipe) == {"model": "unet", "steps.cpu": "5"}
    assert own_words({"choices": {}, "config": {}}) == {}


def test_switches_keep_what_they_do_not_name() -> None:
    base = {"trainer": {"accelerator": "cpu", "max_steps": 5, "devices": 1, "max_time": "1"}, "optimizer": {"lr": 1}}
    composed = {"trainer": {"accelerator": "gpu", "max_steps": 20, "devices": 1, "max_time": None}}
    assert overlay(base, composed, ["trainer=gpu"], {"trainer": "cpu"})["trainer"] == {
        **base["trainer"], "accelerator": "gpu",
    }  # fmt: skip
    assert overlay(base, composed, ["trainer=gpu", "trainer.max_steps=20"], {"trainer": "auto"})["trainer"] == {
        **base["trainer"], "accelerator": "gpu", "max_steps": 20,
    }  # fmt: skip
    assert overlay(base, {"trainer": {"strategy": "ddp", "devices": "auto"}}, ["trainer=ddp"], {"trainer": "auto"})[
        "trainer"
    ] == {**base["trainer"], "strategy": "ddp", "devices": "auto"}
    run, test = {"data": {"root": "mine", "test": "a"}}, {"data": {"_target_": "A", "root": "sets"}}
    assert overlay(run, test, ["data=set12"], {"data": "folder"}) == test


@pytest.mark.parametrize(
    ("said", "steps", "epochs"),
    [([], 5, 3), (["trainer.max_steps=5"], 5, -1), (["+trainer.max_epochs=3"], -1, 3),
     (["trainer.max_epochs=3", "trainer.max_steps=5"], 5, 3)],
)  # fmt: skip
def test_the_length_said_now_is_the_length(said: list[str], steps: int, epochs: int) -> None:
    one_length(options := {"max_steps": 5, "max_epochs": 3}, said)
    assert options == {"max_steps": steps, "max_epochs": epochs}


def test_a_place_is_a_class_and_its_folders(workdir: Path) -> None:
    data = {"_target_": "A", "root": "x", "batch_size": 2}
    assert place(data) == place({**data, "root": str(workdir / "x"), "batch_size": 4})
    assert place(data) != place({**data, "root": "y"})
    assert place(data) != place({**data, "_target_": "B"})


def test_an_option_has_its_say_where_its_file_says() -> None:
    assert replaced("optimizer", "sgd") == [["optimizer"]]
    assert ["noise"] in replaced("data", "pairs")
    assert replaced("budget", "full") == [
        ["sizes"], ["trainer", "max_steps"], ["trainer", "val_every"], ["trainer", "log_every_n_steps"],
    ]  # fmt: skip
    text = replaced("experiment", "n2n_text")
    assert ["loss"] in text and ["noise", "p"] in text, "its own"
    assert ["model"] in text and ["scheduler", "begin"] in text, "and those of the file that it is based on"
    assert replaced("seed", "3") == replaced("model", "../train") == replaced("noise.sigma", "3") == []


class Source:
    """A source of pictures that has no validation."""

    def __init__(self, *, crop_size: int, batch_size: int, root: str) -> None: ...


def test_another_class_has_the_numbers_said_and_those_that_all_of_its_kind_take() -> None:
    tree = {"model": {"_target_": "torch.nn.Conv2d", "depth": 3, "bias": True, "odd": 1}, "seed": 0}
    retarget(tree, ["model._target_=torch.nn.Conv2d", "++model.odd=1"], CHOICES)
    assert tree == {"model": {"_target_": "torch.nn.Conv2d", "odd": 1}, "seed": 0}
    name = f"{__name__}.Source"
    tree = {"data": {"_target_": name, "crop_size": 48, "batch_size": 2, "val_crop": 9, "root": "x", "held_out": 0.1}}
    retarget(tree, [f"data._target_={name}", "data.root=x"], CHOICES)
    assert tree["data"] == {"_target_": name, "crop_size": 48, "batch_size": 2, "root": "x"}


def test_keys_of_the_run_and_of_a_class_named_beside_need_no_plus() -> None:
    run = {"model": {"_target_": "their.Net", "width": 3}, "noise": {"sigma": 2}}
    said = ["ckpt='x'", "model.width=4", "noise.sgima=3", "~model.width", "hydra.run.dir=x", "--cfg", "job"]
    assert freed(said, run) == ["ckpt='x'", "++model.width=4", *said[2:]]
    beside = ["model._target_=their.Net", "model.width=4", "+model.depth=2", "noise.sigma=3"]
    assert freed(beside, {}) == [beside[0], "++model.width=4", "++model.depth=2", beside[3]]
    assert freed(["test_noise.sigma=3", "noise.sigma=4"], {}, ["test_noise."]) == [
        "++test_noise.sigma=3",
        "noise.sigma=4",
    ]


@pytest.mark.parametrize(
    ("overrides", "noise", "stays"),
    [
        (["noise=gaussian"], {"_target_": "denoiselab.degradations.Gaussian", "sigma": 30}, {"_target_", "sigma"}),
        (["noise=salt_and_pepper"], {"_target_": "denoiselab.degradations.SaltAndPepper"}, {"_target_", "p"}),
        (["noise=gaussian", "noise.p=0.5"], {"_target_": "denoiselab.degradations.Gaussian"}, {"_target_", "p"}),
        ([], {"_target_": "denoiselab.degradations.Bernoulli"}, {"_target_", "p", "refill"}),
        (["data=pairs"], {"_target_": "denoiselab.degradations.Recorded"}, {"_target_"}),
    ],
)
def test_an_experiments_words_are_for_its_own_option(
    overrides: list[str], noise: dict[str, Any], stays: set[str]
) -> None:
    tree = {"noise": {"p": 0.25, "refill": False, **noise}, "data": {"batch_size": 3}}
    chosen = dict(override.split("=") for override in overrides if "." not in override)
    choices = {"noise": "recorded" if "data" in chosen else "bernoulli", **chosen, "experiment": "stacked_dae"}
    relieve(tree, ["experiment=stacked_dae", *overrides], choices)
    assert set(tree["noise"]) == stays and tree["data"] == {"batch_size": 3}


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


def test_resume_with_other_data_and_another_budget(shell: Any, run_copy: Path, photos: Path, workdir: Path) -> None:
    before = configuration(run_copy)
    moved = shutil.copytree(photos, workdir / "train")
    other = ("data=train400", f"data.root={moved.parent}", "data.train=train", "data.test=null", "data.held_out=0")
    said = shell("train", f"ckpt={run_copy}", *other, "trainer.max_steps=5")
    assert said.code == 0, said.err
    after = configuration(run_copy)
    own = ("channels", "batch_size", "crop_size", "val_crop", "crops_per_picture")
    assert {key: after["data"][key] for key in own} == {key: before["data"][key] for key in own}
    assert after["data"]["train"] == "train"


@pytest.mark.filterwarnings("ignore")
def test_a_budget_lasts_as_long_as_the_runs_experiment_says(shell: Any, photos: Path, workdir: Path) -> None:
    own = ("experiment=seed002", "data=folder", f"data.root={photos}", "data.held_out=0.3", "protocol=default")
    assert shell("train", *TINY, *own, "steps.cpu=6", "steps.full=9", "hydra.run.dir=run").code == 0
    assert shell("train", "ckpt=run", "budget=cpu").code == 0
    assert configuration(workdir / "run")["trainer"]["max_steps"] == 6
    assert shell("train", "ckpt=run", "budget=full", "steps.full=7").code == 0
    after = configuration(workdir / "run")
    assert (after["trainer"]["max_steps"], after["steps"]) == (7, {"cpu": 6, "full": 7})
    axes = yaml.safe_load((workdir / "run" / "overrides.yaml").read_text())
    assert (axes["budget"], axes["steps.cpu"], axes["steps.full"]) == ("full", "6", "7")


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
        if (verb, node) in {("denoise", "protocol"), ("denoise", "noise")}:
            continue  # not built from the file there
        said = shell(verb, "ckpt=stranger.ckpt", *more)
        assert said.code == 1
        assert f"{node}._target_=os.system comes from a file" in said.line
        assert "trust=true" in said.line
    assert sorted(p.name for p in workdir.iterdir()) == ["run, (copy) 'ö'=1", "stranger.ckpt"]
    if node == "model":
        shell("train", "ckpt=stranger.ckpt", "trust=true", "hydra.run.dir=new")
        assert (workdir / "pwned").exists()


@pytest.mark.parametrize("option", ["../../evil", "/evil", "evil", "dncnn,../evil", ["gaussian"], 3])
@pytest.mark.parametrize("group", ["data", "noise", "budget"])
def test_a_strangers_choice_of_options_runs_no_code(
    group: str, option: object, shell: Any, run_copy: Path, workdir: Path
) -> None:
    callback = "_target_: subprocess.run\n      args: [touch, pwned]"
    evil = f"# @package _global_\nhydra:\n  callbacks:\n    evil:\n      {callback}\n"
    (workdir / "evil.yaml").write_text(evil)
    content = torch.load(run_copy / "last.ckpt", weights_only=True)
    content["denoiselab"]["choices"][group] = str(workdir / "evil") if option == "/evil" else option
    torch.save(content, workdir / "stranger.ckpt")
    for verb, more in (("train", ("hydra.run.dir=new",)), ("evaluate", ())):
        if (verb, group) == ("evaluate", "budget"):
            continue  # not composed there
        said = shell(verb, "ckpt=stranger.ckpt", *more)
        assert said.code == 1
        assert f"the run's {group}=" in said.line
        assert "Traceback" not in said.err
    assert sorted(p.name for p in workdir.iterdir()) == ["evil.yaml", "run, (copy) 'ö'=1", "stranger.ckpt"]


def test_resume_into_another_runs_folder_is_refused(shell: Any, run_copy: Path, tiny_run: Path) -> None:
    before = contents(run_copy)
    said = shell("train", f"ckpt={tiny_run}", f"hydra.run.dir={run_copy}", "trainer.max_steps=6")
    assert "holds another run already" in said.line
    assert contents(run_copy) == before


def contents(run: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in run.rglob("*") if file.is_file()}


REFUSED = {
    ("data.batch_size=3", "trainer.devices=2"): "can't be shared among 2 devices",
    ("trainer.strategy=luck",): "trainer:",
    ("+trainer.accumulate_grad_batches=2",): "set data.batch_size",
    ("+callbacks.mine._target_=no.such.Thing",): "callbacks.mine",
    ("model.depth=2",): "another network's",
    ("optimizer.lr=-1",): "optimizer",
    ("logger.name=abacus",): "logger=abacus",
}


@pytest.mark.parametrize("wrong", REFUSED, ids=" ".join)
@pytest.mark.filterwarnings("ignore")
def test_a_refused_resume_changes_nothing(wrong: tuple[str, ...], shell: Any, run_copy: Path) -> None:
    before = contents(run_copy)
    said = shell("train", f"ckpt={run_copy}", "trainer.max_steps=6", *wrong)
    assert said.code == 1
    assert REFUSED[wrong] in said.line
    assert contents(run_copy) == before


def test_going_on_by_epochs_and_by_steps_again(shell: Any, run_copy: Path) -> None:
    def length() -> int:
        return int(torch.load(run_copy / "last.ckpt", weights_only=True)["global_step"])

    assert shell("train", f"ckpt={run_copy}", "trainer.max_epochs=1", "data.crops_per_picture=6").code == 0
    once = length()
    assert once > 4
    said = shell("train", f"ckpt={run_copy}")
    remedy = said.out.partition("to train on: ")[2].split()[0]
    assert remedy == f"trainer.max_steps={2 * once}"
    assert shell("train", f"ckpt={run_copy}", remedy).code == 0
    assert length() == 2 * once


def test_folders_of_data_are_stored_absolute(shell: Any, photos: Path, workdir: Path, monkeypatch: Any) -> None:
    shutil.copytree(photos, workdir / "pictures")
    assert shell("train", *TINY, "data=folder", "data.root=pictures", "hydra.run.dir=run").code == 0
    assert configuration(workdir / "run")["data"]["root"] == str(workdir / "pictures")
    (workdir / "elsewhere").mkdir()
    monkeypatch.chdir(workdir / "elsewhere")
    assert shell("evaluate", f"ckpt={workdir / 'run'}", "baselines=false").code == 0
