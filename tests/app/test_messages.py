"""What a person gets who mistypes: one line, at once, and no folder."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.app.argv import quoted
from denoiselab.app.messages import mendable, one_line
from denoiselab.app.options import conf_dir
from denoiselab.errors import UserError

WRONG = {
    "model=dncn": "model=dncn: no such option; did you mean dncnn?",
    "model=": "model=: no such option (there is: conv_autoencoder, deep_autoencoder",
    "experiment=nope": "experiment=nope: no such option",
    "noise=/tmp/camera.png": "noise=/tmp/camera.png: a file of the group's own values ends in .yaml",
    "noise.sgima=3": "noise.sgima: there is no such key; did you mean noise.sigma?",
    "modle=dncnn": "modle: there is no such key; did you mean model?",
    "modle.depth=3": "modle: there is no such key; did you mean model?",
    "budgte=cpu": "did you mean budget?",
    "trainer.max_step=3": "did you mean trainer.max_steps?",
    "noise.sigma.x=3": "noise.sigma.x: there is no such key",
    "experiment.x=3": "experiment has no keys of its own: experiment=OPTION",
    "++noise.sigma=(3": "noise.sigma=(3 can't be read",
    "seed.x=3": "seed.x: there is no such key",
    "data.root=x": "data.root: there is no such key here; data=bsd68",
    "noise.sigma": "noise.sigma: give it a value, noise.sigma=…",
    "noise.sigma=(3": "noise.sigma=(3 can't be read",
    "data.left_out=[é.jpg]": 'quoted where they hold signs, \'data.left_out=["…","…"]\'',
    "noise.sigma=15,30": "noise.sigma=15,30 lists several values: add -m",
    "model=null": "a group is given one of its options by name",
    "+noise.sigma=3": "noise.sigma is there already: leave the + away",
    "~noise.x": "does not exist",
    "hydra.run.dri=3": "hydra.run.dri: there is no such key",
}


@pytest.mark.parametrize("argument", WRONG)
def test_mistyped(argument: str) -> None:
    with initialize_config_dir(str(conf_dir()), version_base="1.3"), pytest.raises(Exception) as error:
        compose("train", overrides=quoted([argument]))
    assert mendable(error.value)
    assert WRONG[argument] in one_line(error.value)
    assert "\n" not in one_line(error.value)


def test_what_an_experiment_ties_to_a_group() -> None:
    with initialize_config_dir(str(conf_dir()), version_base="1.3"), pytest.raises(Exception) as error:
        words = ["experiment=super_resolution", "noise=gaussian"]
        OmegaConf.to_container(compose("train", overrides=words), resolve=True)
    said = one_line(error.value)
    assert mendable(error.value)
    assert said == "model.scale follows noise.scale, which this noise doesn't have: keep the experiment's own noise"


def test_other_errors() -> None:
    assert not mendable(TypeError("a bug"))
    assert one_line(KeyboardInterrupt()) == "stopped"
    assert one_line(OSError(errno.ENOSPC, "No space left", "run/x")).startswith("the disk is full (run/x): free some")
    assert "data.batch_size" in one_line(MemoryError())
    with pytest.raises(RuntimeError) as full:
        torch.empty(2**50)
    assert mendable(full.value) and "data.batch_size" in one_line(full.value)
    assert one_line(UserError("a\n  b")) == "a; b"


@pytest.mark.parametrize("verb", ["evaluate", "denoise"])
@pytest.mark.parametrize("argument", ["model=unet", "model.depth=3", "budget=full", "experiment=seed002", "loss=l1"])
def test_what_comes_with_the_checkpoint(verb: str, argument: str) -> None:
    with initialize_config_dir(str(conf_dir()), version_base="1.3"), pytest.raises(Exception) as error:
        compose(verb, overrides=[argument])
    group = argument.replace(".", "=").partition("=")[0]
    assert one_line(error.value) == f"{group} comes with the checkpoint: leave it away here"


def test_mistyped_leaves_nothing_behind(shell: Any, workdir: Path) -> None:
    said = shell("train", "noise.sgima=3")
    assert said.code == 1
    assert said.err.startswith("train: noise.sgima: ")
    assert "\n" not in said.err.strip()
    assert not list(workdir.iterdir())


def test_mistyped_in_a_sweep(shell: Any, workdir: Path) -> None:
    said = shell("train", "noise.sgima=3,4", "-m")
    assert said.code == 1
    assert said.err.strip().count("\n") == 0
    assert "did you mean noise.sigma?" in said.err
    assert not list(workdir.glob("outputs/*"))


def test_other_verbs_say_their_name(shell: Any, workdir: Path) -> None:
    assert shell("denoise", "ipnut=x").err.startswith("denoise: ipnut: there is no such key; did you mean input?")


def test_answered_without_torch(workdir: Path) -> None:
    code = (
        "import sys; from denoiselab.app.cli import run\n"
        "for wrong in ('model=dncn', 'noise.sgima=3'):\n"
        "    sys.argv = ['train.py', wrong]\n"
        "    try: run('train')\n"
        "    except SystemExit as end: print(end.code)\n"
        "print(*({'torch', 'lightning', 'numpy'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.count("did you mean") == 2
    assert out.splitlines()[-1] == ""


def test_at_the_shell(root: Path, workdir: Path) -> None:
    command = [sys.executable, str(root / "train.py"), "noise.sgima=3"]
    plain = subprocess.run(command, capture_output=True, text=True)
    assert plain.returncode == 1
    assert plain.stdout == ""
    assert plain.stderr.startswith("train: noise.sgima") and plain.stderr.count("\n") == 1
    full = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HYDRA_FULL_ERROR": "1"})
    assert full.returncode == 1
    assert "Traceback" in full.stderr
