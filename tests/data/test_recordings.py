"""Which pictures a camera is measured on."""

from pathlib import Path

import numpy as np
import pytest

from denoiselab.data.recordings import find_scenes, recordings
from denoiselab.errors import UserError
from denoiselab.io import Picture, write_picture


def made(root: Path, *names: str, side: int = 40) -> Path:
    random = np.random.default_rng(0)
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        write_picture(root / name, Picture(random.integers(0, 256, (side, side, 1), np.uint8)))
    return root


@pytest.mark.parametrize(
    ("names", "said", "kind", "sizes"),
    [
        (["1_real.png", "1_mean.png"], None, "pairs", [2]),
        (["a/shot1.png", "a/shot2.png", "a/shot3.png"], None, "bursts", [3]),
        (["1_noisy1.png", "1_noisy2.png"], None, "bursts", [2]),
        (["a/x.png", "a/y.png", "b/x.png", "b/y.png"], "bursts", "bursts", [2, 2]),
        (["dark_1.png", "flat2.png"], None, "flat", [1, 1]),
        (["x.png", "y.png"], "flat", "flat", [1, 1]),
    ],
)
def test_kinds(tmp_path: Path, names: list[str], said: str | None, kind: str, sizes: list[int]) -> None:
    found, scenes = find_scenes(made(tmp_path, *names), None, said)
    assert found == kind and [len(scene) for scene in scenes] == sizes
    assert len(list(recordings(found, scenes))) == (sum(sizes) if kind == "bursts" else len(sizes))


def test_a_target_makes_pairs(tmp_path: Path) -> None:
    made(tmp_path, "in/1.png", "out/1.png")
    kind, scenes = find_scenes(tmp_path / "in", tmp_path / "out", None)
    assert kind == "pairs" and scenes == [(tmp_path / "in" / "1.png", tmp_path / "out" / "1.png")]
    (one,) = recordings(kind, scenes)
    assert one.noise.shape == (40, 40, 1) and one.light.max() <= 1


def test_a_burst_has_two_noisy_shots(tmp_path: Path) -> None:
    scenes = find_scenes(made(tmp_path, "a/mean.png", "a/x.png"), None, "bursts")[1]
    with pytest.raises(UserError, match="needs two shots"):
        list(recordings("bursts", scenes))


def test_sizes_agree(tmp_path: Path) -> None:
    made(tmp_path, "1_real.png")
    made(tmp_path, "1_mean.png", side=50)
    with pytest.raises(UserError, match="must have one size"):
        list(recordings(*find_scenes(tmp_path, None, None)))
