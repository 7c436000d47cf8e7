"""What a person can get wrong: one line that names the thing, and nothing left behind."""

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

WRONG = {
    ("noise.sigma=-1",): "noise.sigma=-1:",
    ("noise=none.yaml",): "noise=none.yaml: there is no such file",
    ("noise.sigma=high",): "noise.sigma=high:",
    ("model=dudncnn", "model.depth=3"): "model.depth=3: DUDnCNN needs an even depth of at least 4",
    ("model.depth=abc",): "model.depth=abc: a whole number is needed",
    ("model._target_=torch.nn.ReLU", "+model.size=3"): ": no such key",
    ("trainer.max_steps=0",): "trainer.max_steps=0: at least 1 is needed",
    ("baselines=maybe",): "baselines=maybe: true or false is needed",
    ("seed=abc",): "seed=abc: a whole number is needed",
    ("+foo=1",): "foo: no such key",
    ("data=folder",): "data.root=FOLDER",
    ("data=bsds500",): "set DENOISELAB_DATA",
    ("data=folder", "data.root=/no/such"): "data.root=/no/such: there is no such folder",
    ("data.batch_size=0",): "data.batch_size=0: at least 1",
    ("data=pairs", "data.input=/no", "data.target=/no"): "data.input=/no",
    ("data.crop_size=600",): "smaller than data.crop_size=600",
    ("optimizer.lr=-1",): "optimizer.lr=-1: 0 or more is needed",
    ("optimizer.lr=abc",): "optimizer.lr=abc: a number",
    ("trainer.max_steps=abc",): "trainer.max_steps=abc: a whole number is needed",
    ("trainer.precision=foo",): "trainer.precision=foo: null or one of 64, 32, 16,",
    ("trainer.devices=-3",): "`devices`",
    ("+trainer.foo=1",): "trainer.foo: no such key",
}
SMALL = (
    "data.train=[chelsea.png]", "data.test=[]", "budget=smoke", "model=dncnn", "model.num_features=8",
    "data.batch_size=2",
    "data.crop_size=16", "callbacks=none", "trainer.accelerator=cpu", "trainer.log_every_n_steps=1",
    "trainer.precision=32-true", "hydra.run.dir=run",
)  # fmt: skip


def complaint(shell: Any, verb: str, *arguments: str) -> str:
    """The one line with which a command fails."""
    said = shell(verb, *arguments)
    assert said.code == 1
    assert "Traceback" not in said.err
    assert said.line.startswith(f"{verb}: "), said.err
    return said.line


@pytest.mark.parametrize("wrong", WRONG, ids=" ".join)
@pytest.mark.filterwarnings("ignore")
def test_train(wrong: tuple[str, ...], shell: Any, workdir: Path) -> None:
    given = {argument.split("=")[0] for argument in wrong}
    other_data = {"data.train=[chelsea.png]", "data.test=[]"} if "data" in given else set()
    small = [argument for argument in SMALL if argument.split("=")[0] not in given and argument not in other_data]
    assert WRONG[wrong] in complaint(shell, "train", *small, *wrong)
    assert not list(workdir.iterdir())


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is here")
def test_no_gpu(shell: Any, workdir: Path) -> None:
    small = [argument for argument in SMALL if not argument.startswith("trainer.accelerator")]
    assert "trainer.accelerator=gpu: there is no GPU here" in complaint(shell, "train", *small, "trainer=gpu")
    assert not list(workdir.iterdir())


def test_folders_without_enough(shell: Any, workdir: Path) -> None:
    (workdir / "in").mkdir()
    (workdir / "in" / "notes.txt").write_text("no picture")
    folder = ("data=folder", "data.root=in", "hydra.run.dir=run")
    assert "no pictures here" in complaint(shell, "train", *folder)
    Image.new("RGB", (20, 9)).save(workdir / "in" / "small.png")
    line = complaint(shell, "train", *folder, "data.crop_size=16", "data.held_out=0")
    assert "small.png is 20 x 9, smaller than data.crop_size=16" in line
    assert sorted(p.name for p in workdir.iterdir()) == ["in"]


@pytest.mark.filterwarnings("ignore")
def test_a_loss_that_is_no_number(shell: Any, workdir: Path) -> None:
    line = complaint(shell, "train", *SMALL, "optimizer.lr=1e30", "scheduler=constant")
    assert "the loss is" in line
    assert "optimizer.lr" in line
    for file in workdir.glob("run/*.ckpt"):
        assert all(bool(torch.isfinite(v).all()) for v in torch.load(file)["state_dict"].values())


def test_a_full_folder_is_not_touched(shell: Any, workdir: Path) -> None:
    (workdir / "run").mkdir()
    (workdir / "run" / "mine.txt").write_text("mine")
    complaint(shell, "train", *SMALL, "noise.sigma=-1")
    assert [p.name for p in (workdir / "run").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("verb", ["train", "evaluate", "denoise"])
def test_checkpoints_that_are_none(verb: str, shell: Any, workdir: Path, tiny_run: Path) -> None:
    whole = (tiny_run / "last.ckpt").read_bytes()
    (workdir / "text.ckpt").write_text("hello")
    (workdir / "half (1).ckpt").write_bytes(whole[: len(whole) // 2])
    torch.save({"state_dict": {}}, workdir / "foreign.ckpt")
    (workdir / "in.png").touch()
    wrong = {
        "gone": "ckpt=gone: there is nothing there",
        "text.ckpt": "text.ckpt is no readable checkpoint",
        "half (1).ckpt": "half (1).ckpt is no readable checkpoint",
        "foreign.ckpt": "foreign.ckpt is no checkpoint of denoiselab",
    }
    more = ("input=in.png", "output=out") if verb == "denoise" else ()
    for name, line in wrong.items():
        assert line in complaint(shell, verb, f"ckpt={name}", *more)
    assert not {"out", "outputs"} & {path.name for path in workdir.iterdir()}


def test_no_checkpoint_lists_those_here(shell: Any, workdir: Path) -> None:
    assert "no run was found under outputs/" in complaint(shell, "export")
    (workdir / "outputs" / "one").mkdir(parents=True)
    (workdir / "outputs" / "one" / "last.ckpt").touch()
    assert "found here, newest first: outputs/one" in complaint(shell, "export")


def test_denoise_wants_input_and_output(shell: Any, workdir: Path) -> None:
    assert "input is not set" in complaint(shell, "denoise", "ckpt=x")
    assert "output is not set" in complaint(shell, "denoise", "ckpt=x", "input=y")
    assert "tile=big: a whole number or null is needed" in complaint(shell, "denoise", "tile=big")
