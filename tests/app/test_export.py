"""The verb export: a file and its card."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.builtin import WEIGHTS
from denoiselab.io import read_picture
from denoiselab.methods.checkpoint import read_checkpoint


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


def test_a_network_of_the_package_keeps_its_limits_and_licence(shell: Any, workdir: Path) -> None:
    assert shell("export", "ckpt=builtin/gray", "format=checkpoint", "output=sent.ckpt").code == 0
    card = Path("sent.ckpt.md").read_text()
    own = (WEIGHTS / "gray" / "builtin_gray.ckpt.md").read_text()
    assert card[card.index("## Figures") :] == own[own.index("## Figures") :] and "BSDS500" in card


def test_weights_alone(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    run = Path(shutil.copytree(tiny_run, workdir / "run"))
    assert shell("export", f"ckpt={run}", "format=checkpoint").code == 0
    file = run / "best_weights.ckpt"
    content = read_checkpoint(file)
    assert {v.dtype for v in content["state_dict"].values()} == {torch.half, torch.int64}  # BN counts its batches
    assert str(photos) not in str(content) and str(photos) not in file.with_name(f"{file.name}.md").read_text()
    for ckpt in (run, file):
        assert shell("denoise", f"ckpt={ckpt}", f"input={photos / '0.png'}", f"output={ckpt.stem}").code == 0
    apart = [np.asarray(read_picture(Path(name, "0.png")).pixels, int) for name in ("run", "best_weights")]
    assert np.abs(apart[0] - apart[1]).max() <= 1
    assert "is there already" in shell("export", f"ckpt={run}", "format=checkpoint").line
    assert f"weights={file} begins one from them" in shell("train", f"ckpt={file}").line


def test_wrong_words(shell: Any, tiny_run: Path, workdir: Path) -> None:
    assert "format=tflite: one of" in shell("export", f"ckpt={tiny_run}", "format=tflite").line
    said = shell("export", f"ckpt={tiny_run}", "format=torch_export", "output=net.onnx")
    assert "ends in .pt2" in said.line
    assert not list(workdir.iterdir())
