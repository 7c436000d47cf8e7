"""Checkpoints on disk: found, whole, harmless."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.drafts import remove_drafts
from denoiselab.errors import UserError
from denoiselab.methods.assembly import make_method
from denoiselab.methods.checkpoint import BEST, LAST, find_checkpoint, load_method, read_checkpoint, write_checkpoint

CONTENT = {"denoiselab": {"config": {}}, "state_dict": {"w": torch.ones(3)}}


def test_round_trip_of_plain_data(tmp_path: Path) -> None:
    write_checkpoint(CONTENT, tmp_path / "deeper" / LAST)
    assert torch.equal(read_checkpoint(tmp_path / "deeper" / LAST)["state_dict"]["w"], torch.ones(3))
    assert [file.name for file in (tmp_path / "deeper").iterdir()] == [LAST]


def test_found_by_folder_or_file(workdir: Path) -> None:
    run = workdir / "outputs" / "a run, x=(1)"
    with pytest.raises(UserError, match="no run was found under outputs/"):
        find_checkpoint(None)
    write_checkpoint(CONTENT, run / LAST)
    assert find_checkpoint(run) == find_checkpoint(run / LAST) == run / LAST
    write_checkpoint(CONTENT, run / BEST)
    assert find_checkpoint(run) == run / BEST and find_checkpoint(run, prefer=LAST) == run / LAST
    for wrong in (None, "elsewhere", "outputs"):
        with pytest.raises(UserError, match=r"found here, newest first: outputs/a run"):
            find_checkpoint(wrong)


def test_run_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").touch()
    with pytest.raises(UserError, match=r"before its first checkpoint, .*anew with hydra.run.dir="):
        find_checkpoint(tmp_path)


class Evil:
    def __reduce__(self) -> Any:
        return os.mkdir, ("evil",)


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "code", "foreign"])
def test_what_is_no_checkpoint_is_refused(damage: str, workdir: Path) -> None:
    file = workdir / LAST
    write_checkpoint(CONTENT, file)
    whole = file.read_bytes()
    if damage == "code":
        torch.save({"denoiselab": Evil()}, file)
    elif damage == "foreign":
        torch.save({"state_dict": {}}, file)
    else:
        file.write_bytes(
            {"cut": whole[: len(whole) // 2], "empty": b"", "text": pickle.dumps("hello", protocol=2)}[damage]
        )
    with pytest.raises(UserError, match=r"last\.ckpt"):
        read_checkpoint(file)
    assert not (workdir / "evil").exists()


def test_drafts_of_the_killed_go(tmp_path: Path) -> None:
    for name in (f".{LAST}.123.tmp", ".metrics.csv.7.tmp", LAST, "metrics.csv"):
        (tmp_path / name).touch()
    remove_drafts(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [LAST, "metrics.csv"]


def test_weights_of_another_shape_are_another_methods() -> None:
    method = {"_target_": "denoiselab.methods.Denoiser"}
    config = {
        "seed": 0, "method": method, "data": {"channels": 1},
        "model": {"_target_": "denoiselab.networks.MLP", "num_features": 4},
        "loss": {"_target_": "denoiselab.objectives.L2"}, "optimizer": {"_target_": "torch.optim.Adam", "lr": 1e-3},
        "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
    }  # fmt: skip
    weights = make_method(config, trust=False).state_dict()
    content = {"denoiselab": {"config": config}, "state_dict": weights}
    assert load_method(content, trust=False, method=method)[0].in_channels == 1
    with pytest.raises(UserError, match="FlowSampler has other weights than the run"):
        load_method(content, trust=False, method={"_target_": "denoiselab.methods.FlowSampler", "steps": 2})
