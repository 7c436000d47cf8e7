"""Pictures side by side."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from denoiselab.errors import UserError
from denoiselab.report import Row, picture_grid
from denoiselab.report.grids import compared, read_strips, strips, views


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_the_grid_shows_the_very_pixels(tmp_path: Path) -> None:
    clean = torch.from_numpy(data.camera()[None, 128:384, 128:384].astype(np.float32) / 255)
    noisy = clean + 0.1 * torch.randn(clean.shape)
    picture_grid([Row("camera", clean, noisy, clean, "20.1 → 30.2 dB")] * 2, tmp_path / "grid.png")
    grid = pixels(tmp_path / "grid.png")
    assert np.array_equal(grid[40:296, 20:276, 0], data.camera()[128:384, 128:384])
    assert np.array_equal(grid[40:296, 548:804, 0], data.camera()[128:384, 128:384])
    assert abs(grid[40:296, 812:1068].mean() / 255 - 0.5) < 0.01
    assert [path.name for path in tmp_path.iterdir()] == ["grid.png"]


def test_small_pictures_are_enlarged_and_a_missing_clean_one_leaves_no_column(tmp_path: Path) -> None:
    digit = torch.rand(1, 1, 28, 28)
    picture_grid([Row("a digit whose name is much too long for one column", None, digit, digit)], tmp_path / "a.png")
    grid = pixels(tmp_path / "a.png")
    assert grid.shape[1] == 2 * 20 + 3 * 252 + 2 * 8
    assert (grid[40 + 4, 20:29] == grid[40, 20]).all()


def test_views_of_unusual_pictures() -> None:
    large, small = torch.rand(3, 300, 280), torch.rand(3, 150, 140)
    pictures, _ = views(large, small, large)
    assert all(picture.shape == (256, 256, 3) for picture in pictures.values())
    broken = torch.full((2, 8, 8), float("nan"))
    pictures, scale = views(None, torch.rand(2, 8, 8), broken)
    assert list(pictures) == ["noisy", "restored", "noisy − restored"] and math.isfinite(scale)
    assert pictures["restored"].max() == 0
    assert views(None, large, large)[0]["noisy − restored"].unique().tolist() == [128]


def test_an_empty_grid_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at least one picture"):
        picture_grid([], tmp_path / "grid.png")


def test_a_strip_has_a_column_for_each_restorer(tmp_path: Path) -> None:
    names = ("noisy", "L2", "L1", "clean")
    random = {name: torch.rand(1, 3, 300, 140) for name in names}
    strips([compared(random, {"L1": "30.00 dB", "clean": "a.png"}, side=140)] * 2, tmp_path / "strip.png")
    strip = pixels(tmp_path / "strip.png")
    assert strip.shape[:2] == (30 + 20 + 2 * (140 + 38), 2 * 20 + 4 * 158 - 8)
    assert np.array_equal(strip[40:180, 20:160], (random["noisy"][0, :, 80:220] * 255).round().permute(1, 2, 0))


@pytest.mark.parametrize("side", [140, 28])
def test_a_file_has_its_pictures_back(side: int, tmp_path: Path) -> None:
    random = {name: torch.rand(1, 3, side, side - 5) for name in ("noisy", "a − b")}
    drawn = [compared(random, {"noisy": "ä.png"}), compared({"noisy": random["noisy"][..., :20, :20]}, {})]
    strips(drawn, tmp_path / "strips.png")
    for read, strip in zip(read_strips(tmp_path / "strips.png"), drawn, strict=True):
        assert read.captions == strip.captions and list(read.pictures) == list(strip.pictures)
        assert all(torch.equal(read.pictures[name], strip.pictures[name]) for name in strip.pictures)
    Image.new("RGB", (5, 5)).save(tmp_path / "other.png")
    assert read_strips(tmp_path / "other.png") == read_strips(tmp_path / "gone.png") == []
