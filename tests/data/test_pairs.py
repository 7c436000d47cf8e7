"""Pairs of pictures, matched by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from denoiselab.data.matching import match, scene
from denoiselab.data.places import stands_for
from denoiselab.degradations import Gaussian
from denoiselab.errors import UserError
from denoiselab.supervision import Noise2Noise

Make = Callable[..., Any]


def files(*names: str) -> dict[Path, str]:
    """Files, and the names by which they are matched."""
    return {Path(name): Path(name).stem for name in names}


@pytest.mark.parametrize(
    ("name", "said"),
    [("7_real", "7"), ("7_mean", "7"), ("noisy", "noisy"), ("tree/noisy", "tree"), ("a-clean", "a"), ("barb", "barb")],
)
def test_scene_of_a_name(name: str, said: str) -> None:
    assert scene(name) == said


def test_names_match_with_or_without_roles() -> None:
    assert match(files("1_real.png", "2_real.png"), files("2_mean.png", "1_mean.jpg")) == [
        (Path("1_real.png"), Path("1_mean.jpg")),
        (Path("2_real.png"), Path("2_mean.png")),
    ]
    ours, theirs = ({Path(folder, name): name for name in ("tree_a", "tree_b")} for folder in ("x", "y"))
    assert match(ours, theirs) == list(zip(ours, theirs, strict=True)), "the same name goes before a role"


@pytest.mark.parametrize(
    ("inputs", "targets", "said"),
    [
        (("1.png", "2.png"), ("1.png",), r"2\.png: no partner"),
        (("1.png",), ("1.png", "2.png", "3.png", "4.png"), r"2\.png \(and 2 more\): no partner"),
        (("1_x.png",), ("1_real.png", "1_mean.png"), "both targets of 1"),
        (("1.png",), ("1.png",), r"1\.png: it is both input and target"),
    ],
)
def test_mismatch_is_named(inputs: tuple[str, ...], targets: tuple[str, ...], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        match(files(*inputs), files(*targets))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "name", "said"),
    [
        ("*_real", "7_real", "7"),
        ("noisy_*", "noisy_7", "7"),
        ("*_NOISY_SRGB_*", "0001_NOISY_SRGB_010", "0001 010"),
        ("*/noisy", "tree/noisy", "tree"),
        ("**/*_n", "a/b/7_n", "a/b/ 7"),
        ("**/*_n", "7_n", "7"),
        ("?_[!b]_[xy]", "1_a_x", "1 a x"),
        ("a.b (*)", "a.b (1)", "1"),
        ("real", "real", "real"),
    ],
)
def test_wildcards_stand_for_the_name(pattern: str, name: str, said: str) -> None:
    assert stands_for(pattern, name) == said


def test_a_pair_is_left_out_by_the_name_of_either_picture(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i in range(3):
        picture(tmp_path / "noisy" / f"{i}_real.png", i)
        picture(tmp_path / "clean" / f"{i}_mean.png", i + 3)
    data = pair_data(tmp_path, left_out=["0_real.png", "2_mean.png"])
    data.setup("fit")
    assert data.stores["train"].names == ["1_real.png"] and not data.not_found


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
    with pytest.raises(
        UserError, match=r"2 noisy recordings of each scene are needed, here is 1: data.target_is=noisy"
    ):
        pair_data(tmp_path, supervision=Noise2Noise(force=False)).setup("fit")


def test_either_of_two_shots_is_the_input(tmp_path: Path, pair_data: Make) -> None:
    for side, value in (("noisy", 10), ("clean", 200)):
        (tmp_path / side).mkdir()
        for i in range(3):
            Image.fromarray(np.full((40, 40, 3), value, np.uint8) + np.uint8(i)).save(tmp_path / side / f"{i}.png")
    data = pair_data(tmp_path, target_is="noisy", supervision=Noise2Noise(force=False))
    data.setup("fit")
    batches = [data.training_batch(step, 0, 1, torch.device("cpu")) for step in range(8)]
    one = torch.cat([batch.input[:, 0, 0, 0] for batch in batches])
    other = torch.cat([batch.target[:, 0, 0, 0] for batch in batches])
    torch.testing.assert_close((one - other).abs(), torch.full_like(one, 190 / 255))
    assert 0 < (one > other).sum() < len(one)
    whole = data.measured_batch("train", range(3), "cpu", lambda picture, _: picture)
    assert (whole.input < whole.target).all(), "what is measured is the first one"


ONE_FOLDER = [
    ("{}_real.png", "{}_mean.JPG", "*_real.*", "*_mean.*"),
    ("{}_NOISY_010.png", "{}_GT_010.png", "*_NOISY_*", "*_GT_*"),
    ("shot{}.png", "{}.median.png", "shot*.png", "*.median.png"),
    ("{}/noisy.png", "{}/gt.png", "*/noisy.png", "*/gt.png"),
]


@pytest.mark.parametrize(("input", "target", "inputs", "targets"), ONE_FOLDER, ids=[layout[0] for layout in ONE_FOLDER])
def test_both_in_one_folder(
    input: str, target: str, inputs: str, targets: str, tmp_path: Path, picture: Make, pair_data: Make
) -> None:
    folder = tmp_path / "both [1]"
    for i in range(3):
        picture(folder / input.format(i), i)
        picture(folder / target.format(i), 10 + i)
    (folder / "License_real.txt").write_text("no picture")
    data = pair_data(tmp_path, input=str(folder / inputs), target=str(folder / targets))
    assert [list(scene.values()) for scene in data.scenes()] == [
        [folder / input.format(i), folder / target.format(i)] for i in range(3)
    ]


def test_patterns_that_fit_nothing_or_the_same(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    picture(tmp_path / "1_real.png")
    real, gt = str(tmp_path / "*_real.*"), str(tmp_path / "*_gt.*")
    with pytest.raises(UserError, match=r"\*_gt\.\*: no picture's name fits this pattern"):
        pair_data(tmp_path, input=real, target=gt).scenes()
    with pytest.raises(UserError, match=r"1_real\.png: it is both input and target"):
        pair_data(tmp_path, input=real, target=str(tmp_path / "*.png")).scenes()


def test_pictures_in_folders_below_keep_their_folder(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i, folder in enumerate(("noisy/in", "noisy/out", "clean/out", "clean/in")):
        picture(tmp_path / folder / "1.png", i)
    places = [[file.parent.name for file in scene.values()] for scene in pair_data(tmp_path).scenes()]
    assert places == [["in", "in"], ["out", "out"]]


def test_sizes_must_agree(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    picture(tmp_path / "noisy" / "1.png", height=12)
    picture(tmp_path / "clean" / "1.png", height=13)
    data = pair_data(tmp_path)
    data.take_all()
    with pytest.raises(UserError, match=r"noisy/1.png is 17 x 12, clean/1.png is 17 x 13: .* must have one size"):
        data.setup("test")


@pytest.mark.parametrize("missing", [None, "nowhere", "a/picture.png"])
def test_missing_folder(missing: str | None, tmp_path: Path, pair_data: Make) -> None:
    with pytest.raises(UserError, match=r"input=.*name a folder.*or a pattern"):
        pair_data(tmp_path, input=missing and str(tmp_path / missing))


def test_a_folder_is_no_pair_of_itself(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    picture(tmp_path / "noisy" / "1.png")
    (tmp_path / "clean").symlink_to(tmp_path / "noisy")
    with pytest.raises(UserError, match="where one folder holds both, name patterns"):
        pair_data(tmp_path).scenes()


def test_two_pairs_are_too_few_to_keep_some_back(tmp_path: Path, picture: Make, pair_data: Make) -> None:
    for i in range(2):
        picture(tmp_path / "noisy" / f"{i}.png", i)
        picture(tmp_path / "clean" / f"{i}.png", 10 + i)
    data = pair_data(tmp_path, held_out=0.1)
    data.setup()
    assert set(data.stores) == {"train"}
    assert data.notes[1:] == ["2 pictures are too few to keep any back for val and test: have 3 or more"]


def test_recorded_noise_gets_no_other(tmp_path: Path, picture: Any, pair_data: Any) -> None:
    for side in ("noisy", "clean"):
        picture(tmp_path / side / "a.png")
    with pytest.raises(UserError, match="Gaussian, sigma 30 of 255 isn't added: noise=recorded"):
        pair_data(tmp_path, degradation=Gaussian(sigma=30, clip=False)).setup("fit")
