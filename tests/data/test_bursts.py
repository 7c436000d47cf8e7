"""Bursts: several shots of each scene."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from denoiselab.data.burst_store import two_of
from denoiselab.errors import UserError
from denoiselab.supervision import Clean

CPU = torch.device("cpu")
SHOTS = {"barn": 2, "city/day": 3, "city/night": 5}
CLEAN = 200


def write(file: Path, value: int, height: int = 12) -> None:
    """A picture whose every pixel says which one it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((height, 10, 3), value, np.uint8)).save(file)


@pytest.fixture
def bursts(tmp_path: Path) -> Path:
    """Scene i has shots of the values 10 i, 10 i + 1, ..."""
    for i, (scene, count) in enumerate(SHOTS.items()):
        for shot in range(count):
            write(tmp_path / scene / f"{shot}.png", 10 * i + shot, height=12 + i)
    return tmp_path


@pytest.fixture
def with_clean(bursts: Path) -> Path:
    for i, scene in enumerate(SHOTS):
        write(bursts / scene / "shots_mean.png", CLEAN + i, height=12 + i)
    return bursts


def values(pictures: Tensor) -> list[int]:
    """What each picture of a batch says, which it says in every pixel."""
    assert torch.equal(pictures, pictures[:, :1, :1, :1].expand_as(pictures))
    return (pictures[:, 0, 0, 0] * 255).round().int().tolist()


def test_two_different_shots_of_one_scene_whatever_their_number(bursts: Path, burst_data: Any) -> None:
    data = burst_data(bursts)
    data.setup("fit")
    batch = data.training_batch(0, 0, 1, CPU)
    pairs = Counter(zip(values(batch.input), values(batch.target), strict=True))
    assert {pair[0] // 10 for pair in pairs} == {0, 1, 2}
    assert set(pairs) == {
        (10 * i + a, 10 * i + b) for i, k in enumerate(SHOTS.values()) for a in range(k) for b in range(k) if a != b
    }
    assert batch.clean is None and data.stores["train"].describe() == "3 scenes of 2 to 5 shots"
    per_scene = Counter(pair[0] // 10 for pair in pairs.elements())
    assert set(per_scene.values()) == {100}, "scenes are drawn equally often"


def test_every_pair_is_as_likely() -> None:
    pairs = two_of(np.full(60_000, 4), np.random.default_rng(0).random((2, 60_000)))
    counts = Counter(map(tuple, pairs.T.tolist()))
    assert len(counts) == 12 and all(abs(count - 5000) < 5 * 5000**0.5 for count in counts.values())
    assert two_of(np.array([1]), np.array([[0.9], [0.9]])).tolist() == [[0], [0]]


def test_clean_picture_is_known_by_its_name(with_clean: Path, burst_data: Any) -> None:
    data = burst_data(with_clean, supervision=Clean(), held_out=1 / 3)
    data.setup()
    batch = data.training_batch(0, 0, 1, CPU)
    seen, clean = values(batch.input), values(batch.target)
    assert {c - CLEAN for c in clean} == {s // 10 for s in seen} and len(set(seen)) > 1, "any shot is the input"
    assert all(c - CLEAN == s // 10 for s, c in zip(seen, clean, strict=True))
    (name,) = data.stores["test"].names
    measured = data.measured_batch("test", [0], CPU, lambda p, _: p)
    scene = list(SHOTS).index(name)
    assert values(measured.input) == [10 * scene] and values(measured.target) == [CLEAN + scene]
    assert measured.input.shape == (1, 3, 12 + scene, 10)


def test_a_shot_is_left_out(bursts: Path, burst_data: Any) -> None:
    (bursts / "city/day/0.png").rename(bursts / "city/day/blurred.png")
    scene = burst_data(bursts, left_out=["blurred.png"]).scenes()["city/day"]
    assert [file.name for file in scene.values()] == ["1.png", "2.png"]


def test_held_out_pairs_without_clean_pictures(bursts: Path, burst_data: Any) -> None:
    data = burst_data(bursts, held_out=1 / 3)
    data.setup("fit")
    batch = data.measured_batch("val", [0], CPU, lambda p, _: p)
    assert data.watched == ("val/loss", "min")
    assert values(batch.target)[0] - values(batch.input)[0] == 1, "the first two shots"


def test_same_windows_of_shots_and_clean(tmp_path: Path, picture: Callable[..., Path], burst_data: Any) -> None:
    for name in ("1", "2", "gt"):
        picture(tmp_path / "scene" / f"{name}.png", 7)
    data = burst_data(tmp_path)
    data.setup("fit")
    batch = data.training_batch(0, 0, 1, CPU)
    assert torch.equal(batch.input, batch.target) and torch.equal(batch.input, batch.clean)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["a/1.png"], "a: 1 of 2 noisy shots that are needed: add more"),
        (["a/1.png", "a/2.png", "a_shot1.png", "a_shot2.png", "b_shot1.png"], "a: shots lie in this folder, others"),
        (["a/1.png", "a/clean.png", "a/gt.png"], "both the clean picture of their scene"),
        (
            ["a/1.png", "a/2.png", "b/1.png", "b/2.png", "b/clean.png"],
            r"a: no clean picture here, as other scenes have: add clean.png",
        ),
    ],
)
def test_what_is_no_burst(files: list[str], said: str, tmp_path: Path, burst_data: Any) -> None:
    for file in files:
        write(tmp_path / file, 0)
    with pytest.raises(UserError, match=said) as caught:
        burst_data(tmp_path).scenes()
    assert "\n" not in str(caught.value)


def test_scenes_in_one_folder_are_told_by_their_names(tmp_path: Path, burst_data: Any) -> None:
    for name in ("7_shot1", "7_shot2", "7_shot3", "7_mean", "red barn-take 1", "red barn-take 2", "red barn-gt"):
        write(tmp_path / f"{name}.png", 0)
    write(tmp_path / "more/1.png", 0)
    write(tmp_path / "more/2.png", 0)
    write(tmp_path / "more/clean.png", 0)
    found = burst_data(tmp_path).scenes()
    assert {name: [file.stem for file in scene.values()] for name, scene in found.items()} == {
        "7": ["7_mean", "7_shot1", "7_shot2", "7_shot3"],
        "red barn": ["red barn-gt", "red barn-take 1", "red barn-take 2"],
        "more": ["clean", "1", "2"],
    }


def test_missing_folder_and_sizes(tmp_path: Path, burst_data: Any) -> None:
    for root in (None, tmp_path / "nowhere"):
        with pytest.raises(UserError, match=r"root=.*a folder of shots for each scene"):
            burst_data(root)
    write(tmp_path / "a" / "1.png", 0)
    write(tmp_path / "a" / "2.png", 0, height=13)
    with pytest.raises(UserError, match=r"a: 2.png is 10 x 13, the first shot 10 x 12: the pictures of a scene must"):
        burst_data(tmp_path).setup("fit")
