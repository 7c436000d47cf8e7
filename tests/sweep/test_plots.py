"""Plots over a sweep's axes."""

from pathlib import Path

import cv2
import pytest

from denoiselab.report.results import write_figures
from denoiselab.sweep.ledger import end, freeze
from denoiselab.sweep.plots import draw


def job(sweep: Path, psnr: float, parameters: int, *overrides: str) -> None:
    folder = sweep / ",".join(overrides)
    freeze(folder, {"overrides": overrides})
    write_figures(folder, {"parameters": parameters, "noisy PSNR dB": psnr - 8, "PSNR dB": psnr, "protocol": "default"})
    end(folder)


def swept(sweep: Path, *, seeds: int = 1) -> None:
    for number, model in enumerate(("dncnn", "dudncnn")):
        for depth in (4, 6, 8):
            for sigma in (15, 30, 50):
                for seed in range(seeds):
                    figure = 36 - sigma / 6 + depth / 20 + number / 4 + seed / 8
                    axes = (f"model={model}", f"model.depth={depth}", f"noise.sigma={sigma}", f"seed={seed}")
                    job(sweep, figure, 36864 * depth + 3456, *axes)


@pytest.mark.parametrize("seeds", [1, 2])
def test_every_axis_that_has_two_values_is_drawn(seeds: int, tmp_path: Path) -> None:
    swept(tmp_path, seeds=seeds)
    files = draw(tmp_path)
    assert [file.name for file in files] == ["sigma.png", "depth.png", "parameters.png"]
    for file, panels in zip(files, (1, 3, 3), strict=True):
        picture = cv2.imread(str(file))
        assert picture.shape[1] / picture.shape[0] == pytest.approx((1.2 + 3.6 * panels) / 3.6, rel=0.01)


def test_words_and_ranges_are_no_places(tmp_path: Path) -> None:
    job(tmp_path, 28.0, 7, "noise.sigma=[0,55]")
    job(tmp_path, 28.0, 7, "noise.sigma=25")
    assert draw(tmp_path) == []
