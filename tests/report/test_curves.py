"""The curves of a run."""

from pathlib import Path

import pytest
from PIL import Image

from denoiselab.report import curves
from denoiselab.report.curves import series, smoothed


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def metrics(folder: Path, text: str) -> Path:
    (folder / "metrics.csv").write_text(text)
    return folder / "metrics.csv"


def test_curves_of_a_run_that_was_killed(tmp_path: Path) -> None:
    path = metrics(tmp_path, "step,loss,val/psnr\n0,0.5,\n1,nan,\n2,0.25,25.5\n3,0.125,26\n4,0.0")
    assert series(path, "loss") == ([0, 2, 3], [0.5, 0.25, 0.125])
    curves(path, tmp_path / "curves.png")
    assert size(tmp_path / "curves.png") == (1050, 810)


@pytest.mark.parametrize("text", ["step,loss\n0,-1\n1,-2\n", "step,val/psnr\n0,25\n"])
def test_curves_of_what_there_is(tmp_path: Path, text: str) -> None:
    curves(metrics(tmp_path, text), tmp_path / "curves.png")
    assert size(tmp_path / "curves.png")[1] == 405


def test_a_run_too_short_to_log_gets_no_curves(tmp_path: Path) -> None:
    curves(metrics(tmp_path, "step,epoch\n0,0\n"), tmp_path / "curves.png")
    assert not (tmp_path / "curves.png").exists()


def test_smoothing_has_no_bias_and_no_lag() -> None:
    assert smoothed([2.0] * 5, 3) == pytest.approx([2.0] * 5)
    ramp = [float(i) for i in range(101)]
    assert smoothed(ramp, 5)[50] == pytest.approx(50)
    assert smoothed([1.0], 0.01) == [1.0]
