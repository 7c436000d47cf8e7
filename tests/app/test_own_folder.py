"""A person's own folder: recognised, said, trained on."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from denoiselab.app import folder

from .conftest import TINY

recognised = partial(folder.recognised, trains=True)


def copied(photos: Path, folder: Path, *names: str) -> Path:
    """The first photograph under several names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(photos / "0.png", folder / name)
    return folder


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["1.png", "2.png"], ["data=folder", "data.root={}"]),
        (["1_real.png", "1_mean.png"], ["data=pairs", "data.input='{}/*_real.*'", "data.target='{}/*_mean.*'"]),
        (
            ["1_noisy1.png", "1_noisy2.png"],
            [
                "data=pairs", "data.input='{}/*_noisy1.*'", "data.target='{}/*_noisy2.*'", "data.target_is=noisy",
                "supervision=noise2noise",
            ],
        ),
        (["a/shot1.png", "a/shot2.png", "a/shot3.png"], ["data=bursts", "data.root='{}'", "supervision=noise2noise"]),
        (["a/1.png", "a/2.png", "a/mean.png"], ["data=bursts", "data.root='{}'", "supervision=clean"]),
        (["1_noisy.png", "2_noisy.png"], ["data=noisy", "data.root='{}'", "supervision=neighbor2neighbor"]),
    ],
)  # fmt: skip
def test_what_it_is_taken_as(photos: Path, tmp_path: Path, names: list[str], said: list[str]) -> None:
    folder = copied(photos, tmp_path / "mine", *names)
    expected = [word.format(folder) for word in said]
    given = ["data=folder", f"data.root={folder}", "seed=1"]
    assert sorted(recognised(given)) == sorted([*expected, "seed=1"])
    assert sorted(recognised(recognised(given))) == sorted([*expected, "seed=1"])


def test_pictures_without_a_telling_name(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are taken as clean, with a word on what to say if they aren't."""
    recognised(["data=folder", f"data.root={copied(photos, tmp_path / 'mine', 'IMG_1.png', 'IMG_2.png')}"])
    assert "2 clean pictures" in (said := capsys.readouterr().out) and "data=noisy" in said and "data=bursts" in said


def test_noisy_pictures_that_no_name_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine := tmp_path / "mine").mkdir()
    noisy = 128 + 25 * np.random.default_rng(0).standard_normal((64, 64))
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(mine / "dsc0.png")
    recognised(["data=folder", f"data.root={mine}"])
    said = capsys.readouterr().out
    assert "WARNING: by their names; but there seems to be noise of sigma 25 in them" in said


def test_what_is_said_stays(photos: Path, tmp_path: Path) -> None:
    folder = copied(photos, tmp_path, "1_noisy1.png", "1_noisy2.png")
    words = ["data=folder", f"data.root={folder}"]
    assert recognised([*words, "data.train=."]) == [*words, "data.train=."]
    said = recognised([*words, "supervision=noise2void"])
    assert "supervision=noise2void" in said and "supervision=noise2noise" not in said
    assert recognised(words[1:]) == words[1:] and recognised(words[:1]) == words[:1]


def test_what_measures_has_no_supervision(photos: Path, tmp_path: Path) -> None:
    place = copied(photos, tmp_path, *(f"1_{name}.png" for name in ("shot1", "shot2", "shot3", "mean")))
    found = folder.recognised(["data=folder", f"data.root={place}"], trains=False)
    assert found == ["data=bursts", f"data.root='{place}'"]


def test_pairs_in_one_folder_are_trained_on(shell: Any, photos: Path, workdir: Path) -> None:
    folder = copied(photos, workdir / "my shots", *(f"{i}_{role}.png" for i in range(5) for role in ("real", "mean")))
    said = shell("train", *TINY, "data=folder", f"data.root={folder}", "hydra.run.dir=run", "baselines=false")
    assert said.code == 0, said.err
    assert "5 pairs of a noisy and a clean picture: 0_real.png+0_mean.png, " in said.out
    config = yaml.safe_load(Path("run/config.yaml").read_text())
    assert config["data"]["_target_"].endswith("PairedFolders") and config["noise"]["_target_"].endswith("Recorded")
    with Image.open("run/examples.png") as sheet:
        assert sheet.size == (2 * 20 + 2 * (9 * 28 + 8) - 8, 20 + 30 + 3 * (9 * 24 + 38)), "3 pairs, enlarged"


def test_noisy_pictures_alone_are_trained_on(shell: Any, photos: Path, workdir: Path) -> None:
    folder = copied(photos, workdir / "noisy", *(f"{i}.png" for i in range(5)))
    said = shell("train", *TINY, "data=folder", f"data.root={folder}", "hydra.run.dir=run")
    assert said.code == 0, said.err
    assert "5 noisy pictures, one of each scene: 0.png" in said.out and "neighbours targets" in said.out


@pytest.mark.parametrize("data", ["folder", "noisy", "bursts"])
def test_an_own_folder_is_named(
    shell: Any, photos: Path, workdir: Path, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    """Never all that lies where the field's sets are, test sets among them."""
    monkeypatch.setenv("DENOISELAB_DATA", str(photos))
    said = shell("train", *TINY, f"data={data}")
    assert said.code != 0 and "data.root=FOLDER" in said.line and "DENOISELAB_DATA" not in said.line
    assert not list(workdir.glob("outputs/**/*.ckpt"))
