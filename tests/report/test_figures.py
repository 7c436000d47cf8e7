import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from denoiselab.errors import UserError
from denoiselab.report import Row, curves, picture_grid
from denoiselab.report.figures import series, smoothed, views


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


def metrics(folder: Path, text: str) -> Path:
    (folder / "metrics.csv").write_text(text)
    return folder / "metrics.csv"


def test_curves_of_a_run_that_was_killed(tmp_path: Path) -> None:
    path = metrics(tmp_path, "step,loss,val/psnr\n0,0.5,\n1,nan,\n2,0.25,25.5\n3,0.125,26\n4,0.0")
    assert series(path, "loss") == ([0, 2, 3], [0.5, 0.25, 0.125])
    curves(path, tmp_path / "curves.png")
    shape = pixels(tmp_path / "curves.png").shape
    assert shape[:2] == (810, 1050)


@pytest.mark.parametrize("text", ["step,loss\n0,-1\n1,-2\n", "step,val/psnr\n0,25\n"])
def test_curves_of_what_there_is(tmp_path: Path, text: str) -> None:
    curves(metrics(tmp_path, text), tmp_path / "curves.png")
    assert pixels(tmp_path / "curves.png").shape[0] == 405


def test_a_run_too_short_to_log_gets_no_curves(tmp_path: Path) -> None:
    curves(metrics(tmp_path, "step,epoch\n0,0\n"), tmp_path / "curves.png")
    assert not (tmp_path / "curves.png").exists()


def test_smoothing_has_no_bias_and_no_lag() -> None:
    assert smoothed([2.0] * 5, 3) == pytest.approx([2.0] * 5)
    ramp = [float(i) for i in range(101)]
    assert smoothed(ramp, 5)[50] == pytest.approx(50)
    assert smoothed([1.0], 0.01) == [1.0]
