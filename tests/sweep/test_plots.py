"""Plots over a sweep's axes."""

from pathlib import Path

import cv2
import pytest

from denoiselab.report.plots import DEPTH, SIGMA, draw
from denoiselab.report.results import write_figures
from denoiselab.sweep.ledger import end, freeze
from denoiselab.sweep.plots import places, ways
from denoiselab.web.parallel import Job


def job(sweep: Path, psnr: float, parameters: int, *overrides: str, protocol: str = "default: whole") -> None:
    folder = sweep / f"{','.join(overrides)},{protocol[:2]}"
    freeze(folder, {"overrides": overrides})
    write_figures(folder, {"parameters": parameters, "noisy PSNR dB": psnr - 8, "PSNR dB": psnr, "protocol": protocol})
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
    files = draw(places(tmp_path), tmp_path)
    assert [file.name for file in files] == ["sigma.png", "depth.png", "parameters.png"]
    for file, panels in zip(files, (1, 3, 3), strict=True):
        picture = cv2.imread(str(file))
        assert picture.shape[1] / picture.shape[0] == pytest.approx((1.2 + 3.6 * panels) / 3.6, rel=0.01)


def test_figures_of_other_noise_are_no_points_of_one_line(tmp_path: Path) -> None:
    for p in ("0.1", "0.5"):
        for depth in (4, 6):
            job(tmp_path, 30 - 10 * float(p), depth, "noise=bernoulli", f"noise.p={p}", f"model.depth={depth}")
    lines = {(point.line, point.psnr) for point in places(tmp_path)[DEPTH]}
    assert lines == {("p=0.1", 29.0), ("p=0.5", 25.0)}


def test_words_and_ranges_are_no_places(tmp_path: Path) -> None:
    job(tmp_path, 28.0, 7, "noise.sigma=[0,55]")
    job(tmp_path, 28.0, 7, "noise.sigma=25")
    assert draw(places(tmp_path), tmp_path) == []


def test_points_and_ways_know_their_jobs(tmp_path: Path) -> None:
    swept(tmp_path, seeds=2)
    point = next(p for p in places(tmp_path)[DEPTH] if p.name == "model=dudncnn, depth=8, sigma=30")
    assert (point.line, point.sigma, point.x) == ("dudncnn", 30, 8)
    assert point.psnr == pytest.approx(36 - 5 + 0.4 + 0.25 + 1 / 16) and point.spread > 0
    values = {"model": "dudncnn", "depth": 8, "sigma": 30, "parameters": 298368, "PSNR dB": point.psnr}
    assert len(ways(tmp_path)) == 18 and Job("dudncnn", values) in ways(tmp_path)


def test_other_tests_and_protocols_are_other_lines(tmp_path: Path) -> None:
    for sigma in (15, 30):
        job(tmp_path, 30.0, 7, "model=dncnn", f"noise.sigma={sigma}", "data=a")
        job(tmp_path, 31.0, 7, "model=dncnn", f"noise.sigma={sigma}", "data=b")
        job(tmp_path, 32.0, 7, "model=dncnn", f"noise.sigma={sigma}", "data=a", "protocol=sr", protocol="sr: luma")
    lines = {point.line for point in places(tmp_path)[SIGMA]}
    assert lines == {"dncnn, a, default", "dncnn, b, default", "dncnn, a, sr"}
