"""The verb `denoise` with a checkpoint chosen for each picture."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.methods.checkpoint import read_checkpoint


def test_a_folder_of_runs(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    said = shell("denoise", f"ckpt={tiny_run.parent}", f"input={photos}", "output=out")
    assert said.code == 0, said.err
    assert f"by the network that knows its noise: {tiny_run / 'best.ckpt'}\n" in said.out
    assert said.err.count(f"by {tiny_run / 'best.ckpt'} (Gaussian, sigma 20 of 255)") == 4
    assert len(list(Path("out").iterdir())) == 4


def test_files_that_are_passed_over_are_counted(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    shutil.copytree(photos, "in")
    for name in ("a.gif", "b.GIF", "c.npy", "README", ".hidden.gif"):
        Path("in", name).touch()
    Path("in", "linked").symlink_to(photos, target_is_directory=True)
    Path("in", "gone.png").symlink_to("nowhere.png")
    said = shell("denoise", f"ckpt={tiny_run}", "input=in", "output=out")
    assert "no pictures of a known kind: 2 x .gif, 1 x .npy, 1 x linked folder, 1 x no suffix" in said.err
    assert said.code == 1 and "in/gone.png: is gone, or a link to nothing" in said.err


def test_auto_looks_below_outputs(shell: Any, photos: Path, workdir: Path) -> None:
    assert "no run below outputs" in shell("denoise", "ckpt=auto", f"input={photos}", "output=out").line


@pytest.mark.parametrize("ckpt", ["", "nothing"])
def test_a_folder_without_runs_is_named_as_ever(shell: Any, photos: Path, workdir: Path, ckpt: str) -> None:
    (workdir / "nothing").mkdir()
    said = shell("denoise", f"ckpt={ckpt}", f"input={photos}", "output=out")
    assert said.code == 1 and ("there is no *.ckpt inside" in said.line or "ckpt is not set" in said.line)


def test_what_a_file_cannot_tell_is_said(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    content = read_checkpoint(tiny_run / "best.ckpt")
    for refill, said in ((True, 1), (False, 0)):
        content["denoiselab"]["config"]["noise"] = {
            "_target_": "denoiselab.degradations.Bernoulli", "p": 0.5, "refill": refill,
        }  # fmt: skip
        torch.save(content, "erased.ckpt")
        shown = shell("denoise", "ckpt=erased.ckpt", f"input={photos / '0.png'}", f"output={refill}")
        assert shown.code == 0 and shown.out.count("nothing measured is put back") == said
