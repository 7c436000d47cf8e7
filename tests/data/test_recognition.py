"""What a folder holds, by names."""

from pathlib import Path

import pytest
from PIL import Image

from denoiselab.data.recognition import Kind, recognise
from denoiselab.errors import UserError


def made(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (2, 2)).save(root / name)
    return root


@pytest.mark.parametrize(
    ("names", "noisy", "clean"),
    [
        (["1_real.png", "1_mean.png", "x_real.png", "x_mean.png"], "*_real.*", "*_mean.*"),
        (["noisy/1.png", "noisy/s/2.png", "clean/1.png", "clean/s/2.png"], "noisy", "clean"),
        (["1/noisy.png", "1/gt.png", "2/noisy.png", "2/gt.png"], "**/noisy.*", "**/gt.*"),
        (["1/1_NOISY_SRGB_0.png", "1/1_GT_SRGB_0.png"], "**/*_NOISY_*.*", "**/*_GT_*.*"),
        (["1/low/a.png", "1/high/a.png", "2/low/a.png", "2/high/a.png"], "**/low/**/*.*", "**/high/**/*.*"),
        (["input-1.png", "target-1.png"], "input-*.*", "target-*.*"),
        (["train/1 noise.png", "train/1 clean.png", "val/9.png"], "train/* noise.*", "train/* clean.*"),
    ],
)
def test_pairs(tmp_path: Path, names: list[str], noisy: str, clean: str) -> None:
    found = recognise(made(tmp_path, *names))
    assert (found.kind, found.input, found.target) == (Kind.PAIRS, str(tmp_path / noisy), str(tmp_path / clean))
    files = {file for scene in found.scenes for file in scene}
    assert len(files) == 2 * len(found.scenes) == sum("val" not in name for name in names)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["7_noisy1.png", "7_noisy2.png", "8_noisy1.png", "8_noisy2.png"], Kind.SHOTS),
        (["shot0/7.png", "shot1/7.png"], Kind.SHOTS),
        (["a/shot1.png", "a/shot2.png", "b/shot1.png", "b/shot2.png", "b/shot3.png"], Kind.BURSTS),
        (["a/IMG_1.png", "a/IMG_2.png", "a/mean.png", "b/x.png", "b/y.png", "b/mean.png"], Kind.BURSTS),
        (["7_shot1.png", "7_shot2.png", "7_shot3.png", "8_shot1.png", "8_shot2.png"], Kind.BURSTS),
        (["7_noisy_0.png", "7_noisy_1.png", "7_noisy_2.png", "7_mean.png"], Kind.BURSTS),
        (["7_take1.png", "7_take2.png", "7_gt.png", "8_take1.png", "8_take2.png", "8_gt.png"], Kind.BURSTS),
        (["shot1.png", "shot2.png", "shot3.png"], Kind.BURSTS),
        (["noisy_1.png", "noisy_2.png", "noisy_3.png"], Kind.NOISY),
        (["noisy/1.png", "noisy/2.png"], Kind.NOISY),
        (["1_noisy.png", "2_noisy.png"], Kind.NOISY),
        (["high tower.png", "low tide.png", "a real beach.png"], Kind.CLEAN),
        (["low/beach.png", "low/sea.png", "high/beach.png"], Kind.CLEAN),
        (["cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"], Kind.CLEAN),
    ],
)
def test_other_kinds(tmp_path: Path, names: list[str], kind: Kind) -> None:
    assert recognise(made(tmp_path, *names)).kind is kind


@pytest.mark.parametrize(
    ("names", "alone"),
    [
        (["1_real.png", "1_mean.png", "2_real.png"], "2_real.png"),
        (["noisy/1.png", "noisy/2.png", "clean/1.png", "clean/2.png", "clean/3.png"], "clean/3.png"),
        (["0_noisy.png", "0_gt.png", "1_noisy.png", "2_gt.png"], "1_noisy.png (and 1 more)"),
    ],
)
def test_pairs_with_a_picture_left_over(tmp_path: Path, names: list[str], alone: str) -> None:
    with pytest.raises(UserError) as caught:
        recognise(made(tmp_path, *names))
    assert str(caught.value).startswith(
        f"{tmp_path / alone.split(' ')[0]}{alone[len(alone.split(' ')[0]) :]}: no partner"
    )
    assert "data.train=." in str(caught.value)


def test_a_folder_that_is_called_so(tmp_path: Path) -> None:
    assert recognise(made(tmp_path / "my bursts", "a/1.png", "a/2.png")).kind is Kind.BURSTS
    assert recognise(made(tmp_path / "noisy ones", "1.png", "2.png")).kind is Kind.NOISY


def test_in_words(tmp_path: Path) -> None:
    found = recognise(made(tmp_path, *(f"{i}_{role}.png" for i in range(4) for role in ("real", "mean"))))
    assert found.describe(2) == (
        "4 pairs of a noisy and a clean picture: 0_real.png+0_mean.png, 1_real.png+1_mean.png, …"
    )


def test_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no pictures here"):
        recognise(tmp_path)
