"""Noisy recordings alone: what is trained on, by what a checkpoint is chosen, and that this is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from denoiselab.methods.checkpoint import BEST
from denoiselab.report.tables import read_rows
from denoiselab.training.run import Run, train

SHARED = (
    "channels",
    "batch_size",
    "crop_size",
    "crops_per_picture",
    "augment",
    "shuffle_channels",
    "val_crop",
    "cache",
    "left_out",
)


@pytest.fixture
def recorded(tmp_path: Path) -> dict[str, Any]:
    """Two noisy shots of each of three scenes, in two folders."""
    random = np.random.default_rng(0)
    for shot in ("a", "b"):
        (tmp_path / shot).mkdir()
        for scene in range(3):
            pixels = random.normal(60 + 40 * scene, 20, (24, 24, 3)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / shot / f"{scene}.png")
    shots = {"input": str(tmp_path / "a"), "target": str(tmp_path / "b"), "target_is": "noisy"}
    return {"_target_": "denoiselab.data.PairedFolders", **shots, "held_out": 0.3}


@pytest.mark.parametrize(
    ("supervision", "judge"),
    [
        ("noise2noise", "held-out noisy pairs"),
        ("noise2void", "blind spots of held-out noisy pictures, the J-invariant score"),
        ("neighbor2neighbor", "neighbouring pixels of held-out noisy pictures"),
    ],
)
def test_held_out_recordings_choose_the_checkpoint(
    supervision: str, judge: str, recorded: dict[str, Any], composed: Callable[..., dict[str, Any]], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    config = composed(f"supervision={supervision}", "noise=recorded", "trainer.max_steps=6")
    data = {**{key: config["data"][key] for key in SHARED}, **recorded}
    assert train(Run({**config, "data": data}, {}, tmp_path / "run")) is None
    said = capsys.readouterr().out
    assert f"note      no clean validation pictures: the checkpoint is chosen by the loss on {judge}\n" in said
    assert "note      no clean test pictures: nothing is measured at the end\n" in said
    rows = [row for row in read_rows(tmp_path / "run" / "metrics.csv")[1] if row["val/loss"]]
    assert len(rows) == 2 and (tmp_path / "run" / BEST).exists()


def test_recordings_that_were_cut_are_warned_of(
    recorded: dict[str, Any],
    composed: Callable[..., dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = composed("supervision=noise2noise", "noise=recorded", "trainer.max_steps=1")
    data = {**{key: config["data"][key] for key in SHARED}, **recorded}
    train(Run({**config, "data": data}, {}, tmp_path / "fair"))
    assert "black or white" not in capsys.readouterr().out
    for file in (tmp_path / "b").iterdir():
        with Image.open(file) as picture:
            dark = Image.fromarray(np.asarray(picture) // 90 * 90)
        dark.save(tmp_path / "a" / file.name)
        dark.save(file)
    train(Run({**config, "data": data}, {}, tmp_path / "cut"))
    assert "% of the noisy values lie at black or white" in capsys.readouterr().out
