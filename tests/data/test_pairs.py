"""Pairs of pictures, matched by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.data.matching import match, scene
from denoiselab.errors import UserError
from denoiselab.supervision import Noise2Noise

Make = Callable[..., Any]


def paths(*names: str) -> list[Path]:
    return [Path(name) for name in names]


@pytest.mark.parametrize(
    ("name", "said"),
    [("7_real.JPG", "7"), ("7_mean.JPG", "7"), ("noisy.png", "noisy"), ("a-clean.tif", "a"), ("barb.png", "barb")],
)
def test_scene_of_a_file(name: str, said: str) -> None:
    assert scene(Path(name)) == said


def test_names_match_with_or_without_roles() -> None:
    assert match(paths("1_real.png", "2_real.png"), paths("2_mean.png", "1_mean.jpg")) == [
        (Path("1_real.png"), Path("1_mean.jpg")),
        (Path("2_real.png"), Path("2_mean.png")),
    ]
    same = paths("tree_a.png", "tree_b.png")
    assert match(same, same) == [(file, file) for file in same], "the same name goes before a role"


@pytest.mark.parametrize(
    ("inputs", "targets", "said"),
    [
        (("1.png", "2.png"), ("1.png",), "2.png: no partner"),
        (("1.png",), ("1.png", "2.png", "3.png", "4.png", "5.png"), r"2.png, 3.png, 4.png and 1 more: no partner"),
        (("1_x.png",), ("1_real.png", "1_mean.png"), "both targets of 1"),
    ],
)
def test_mismatch_is_named(inputs: tuple[str, ...], targets: tuple[str, ...], said: str) -> None:
    with pytest.raises(UserError, match=said):
        match(paths(*inputs), paths(*targets))


def test_pairs_stay_aligned(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i in range(6):
        picture(tmp_path / "noisy" / f"{i}_real.png", i)
        picture(tmp_path / "clean" / f"{i}_mean.png", i)
    data = pair_data(tmp_path)
    data.setup("fit")
    batch = data.training_batch(3, 0, 1, torch.device("cpu"))
    assert torch.equal(batch.input, batch.target), "a recording gets no noise, and both layers one crop"
    assert "6 pairs matched by name: 0_real.png with 0_mean.png" in data.notes[0]


def test_two_shots(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i in range(3):
        picture(tmp_path / "noisy" / f"{i}.png", i)
        picture(tmp_path / "clean" / f"{i}.png", 10 + i)
    data = pair_data(tmp_path, target_is="noisy", supervision=Noise2Noise(force=False))
    data.setup("fit")
    batch = data.training_batch(0, 0, 1, torch.device("cpu"))
    assert batch.clean is None and not torch.equal(batch.input, batch.target)
    with pytest.raises(UserError, match="needs a second noisy shot"):
        pair_data(tmp_path, supervision=Noise2Noise(force=False))


def test_both_in_one_folder(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i in range(3):
        picture(tmp_path / "all" / f"{i}_real.png", i)
        picture(tmp_path / "all" / f"{i}_mean.JPG", 10 + i)
    data = pair_data(tmp_path, input=str(tmp_path / "all" / "*_real.*"), target=str(tmp_path / "all" / "*_mean.*"))
    assert [[file.name for file in scene.values()] for scene in data.scenes()] == [
        [f"{i}_real.png", f"{i}_mean.JPG"] for i in range(3)
    ]
    with pytest.raises(UserError, match=r"\*_gt\.\*: no file's name fits"):
        pair_data(tmp_path, input=str(tmp_path / "all"), target=str(tmp_path / "all" / "*_gt.*")).scenes()


def test_sizes_must_agree(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    picture(tmp_path / "noisy" / "1.png", height=12)
    picture(tmp_path / "clean" / "1.png", height=13)
    data = pair_data(tmp_path)
    data.take_all()
    with pytest.raises(UserError, match=r"1.png is 17 x 12, 1.png is 17 x 13: the pictures of a pair must have one"):
        data.setup("test")


def test_missing_folder(tmp_path: Path, pair_data: Make) -> None:
    with pytest.raises(UserError, match=r"input=.*name a folder"):
        pair_data(tmp_path)


def test_a_folder_is_no_pair_of_itself(tmp_path: Path, pair_data: Make) -> None:
    (tmp_path / "noisy").mkdir()
    (tmp_path / "clean").symlink_to(tmp_path / "noisy")
    with pytest.raises(UserError, match="one folder holds both, name patterns"):
        pair_data(tmp_path)
