"""The verb export: a file and its card."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.filterwarnings("ignore")
def test_a_file_and_its_card(shell: Any, tiny_run: Path, workdir: Path) -> None:
    run = Path(shutil.copytree(tiny_run, workdir / "run"))
    said = shell("export", f"ckpt={run}", "format=torch_export")
    assert said.code == 0, said.err
    card = (run / "best.pt2.md").read_text()
    assert hashlib.sha256((run / "best.pt2").read_bytes()).hexdigest() in card
    assert hashlib.sha256((run / "best.ckpt").read_bytes()).hexdigest() in card
    for line in ("noise: Gaussian sigma=20", "receptive field: 7", "steps: 4", "PSNR dB: ", "(N, 3, H, W)", "MIT"):
        assert line in card, line


@pytest.mark.filterwarnings("ignore")
def test_a_card_has_no_figures_of_another_checkpoint(shell: Any, tiny_run: Path, workdir: Path) -> None:
    run = Path(shutil.copytree(tiny_run, workdir / "run"))
    summary = (run / "summary.yaml").read_text()
    (run / "summary.yaml").write_text(summary.replace("step: 4", "step: 2"))
    assert shell("export", f"ckpt={run}", "format=torch_export").code == 0
    card = (run / "best.pt2.md").read_text()
    assert "PSNR dB: " not in card and "this checkpoint was not measured" in card


def test_wrong_words(shell: Any, tiny_run: Path, workdir: Path) -> None:
    assert "format=tflite: one of" in shell("export", f"ckpt={tiny_run}", "format=tflite").line
    said = shell("export", f"ckpt={tiny_run}", "format=torch_export", "output=net.onnx")
    assert "ends in .pt2" in said.line
    assert not list(workdir.iterdir())
