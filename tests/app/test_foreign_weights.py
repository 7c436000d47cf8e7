"""Published weights are measured and applied as a run is."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from denoiselab.methods.checkpoint import read_checkpoint
from denoiselab.report.tables import read_rows


def foreign_twin(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Our DnCNN of depth 1 in KAIR's layout: biases everywhere, eps 1e-4, noise predicted to be taken off."""
    shift = torch.linspace(-1, 1, len(state["network.head.bias"]))
    norm = {k: state[f"network.layers.0.norm.{k}"] for k in ("weight", "bias", "running_mean", "running_var")}
    norm |= {"running_mean": norm["running_mean"] + shift, "running_var": norm["running_var"] + 1e-5 - 1e-4}
    return {
        "model.0.weight": state["network.head.weight"],
        "model.0.bias": state["network.head.bias"],
        "model.2.weight": state["network.layers.0.conv.weight"],
        "model.2.bias": shift,
        **{f"model.3.{key}": value for key, value in norm.items()},
        "model.3.num_batches_tracked": torch.tensor(4),
        "model.5.weight": -state["network.tail.weight"],
        "model.5.bias": -state["network.tail.bias"],
    }


def figures(folder: Path) -> list[tuple[str, float, float]]:
    """Every picture with its figures; the network's, whatever its class is called."""
    rows = read_rows(folder / "results.csv")[1]
    return [(row["picture"], float(row["psnr"]), float(row["ssim"])) for row in rows]


def test_the_same_network_has_the_same_figures(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    content = read_checkpoint(tiny_run / "last.ckpt")
    for value in content["state_dict"].values():
        if value.is_floating_point():
            value += 0.01 * torch.rand(value.shape)
    torch.save(content, "ours.ckpt")
    torch.save(foreign_twin(content["state_dict"]), "theirs.pth")
    moved = shutil.copytree(photos, workdir / "moved")
    test = ("data=folder", f"data.root={moved}", "noise.sigma=20", "protocol=default", "baselines=false", "seed=1")
    found = []
    for ckpt in ("ours.ckpt", "theirs.pth"):
        said = shell("evaluate", f"ckpt={ckpt}", *test, f"output={ckpt}.out")
        assert said.code == 0, said.err
        found.append(figures(workdir / f"{ckpt}.out"))
    assert len(found[0]) == 10, "noisy and network, four pictures and their mean"
    for ours, theirs in zip(*found, strict=True):
        assert ours[0] == theirs[0]
        assert ours[1:] == pytest.approx(theirs[1:], abs=1e-3)
    assert found[0][0][1] != pytest.approx(found[0][1][1], abs=0.1), "the network changes the picture"


def test_weights_alone_are_applied_but_not_trained_on(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    torch.save(foreign_twin(read_checkpoint(tiny_run / "last.ckpt")["state_dict"]), "theirs.pth")
    said = shell("denoise", "ckpt=theirs.pth", f"input={photos}", "output=out")
    assert said.code == 0, said.err
    assert len(list((workdir / "out").iterdir())) == 4
    assert "weights alone" in shell("train", "ckpt=theirs.pth").line
    one = ("data.train=[]", "data.val=[]", "data.test=[chelsea.png]")
    said = shell("evaluate", "ckpt=theirs.pth", *one, "baselines=false")
    assert said.code == 0, said.err
