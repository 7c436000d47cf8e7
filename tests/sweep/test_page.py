"""A sweep on its page, and its pictures side by side."""

from pathlib import Path

import pytest
import torch

from denoiselab.report.grids import Row, picture_grid
from denoiselab.report.results import GRID, RESULTS, write_figures
from denoiselab.report.tables import Table
from denoiselab.sweep.ledger import end, freeze
from denoiselab.sweep.page import page
from denoiselab.sweep.pictures import scenes

CLEAN = {name: torch.rand(3, 12, 16) for name in ("a.png", "b.png", "c.png")}
NOISY = {
    (name, sigma): clean + sigma / 255 * torch.randn(clean.shape) for name, clean in CLEAN.items() for sigma in (15, 30)
}


def job(sweep: Path, model: str, sigma: int, psnr: float | None, twins: list[str] | None = None) -> None:
    folder = sweep / f"model={model},sigma={sigma}"
    freeze(folder, {"overrides": [f"model={model}", f"noise.sigma={sigma}", "budget=smoke"]})
    if psnr is None:
        end(folder, error="out of memory")
        return
    rows = [Row(name, clean, NOISY[name, sigma], clean * psnr / 40) for name, clean in CLEAN.items()]
    picture_grid(rows, folder / GRID)
    figures = [{"picture": n, "restorer": r, "psnr": p} for n in CLEAN for r, p in (("noisy", 20.0), ("Net", psnr))]
    Table(["picture", "restorer", "psnr"], figures).to_csv(folder / RESULTS)
    write_figures(
        folder,
        {"parameters": 7 + sigma, "PSNR dB": psnr, "protocol": "default: whole", "shared with training": twins},
    )
    end(folder)


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    job(tmp_path, "unet", 15, 34.5)
    job(tmp_path, "dncnn", 15, 34.0, ["a.png ~ 1.jpg"])
    job(tmp_path, "unet", 30, 30.5, ["a.png ~ 1.jpg", "b.png ~ 7.jpg"])
    job(tmp_path, "dncnn", 30, None)
    return tmp_path


def test_pictures_of_one_name_have_their_own_figures(tmp_path: Path) -> None:
    job(tmp_path, "unet", 15, 34.5)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    rows = [Row("a.png", CLEAN[name], NOISY[name, 15], CLEAN[name]) for name in ("a.png", "b.png")]
    picture_grid(rows, folder / GRID)
    figures = [{"picture": "a.png", "restorer": r, "psnr": p} for p in (31.0, 32.0) for r in ("noisy", "Net")]
    Table(["picture", "restorer", "psnr"], figures).to_csv(folder / RESULTS)
    assert [list(scene.figures.values()) for scene in scenes(tmp_path)] == [["31.00 dB"], ["32.00 dB"]]


def test_jobs_that_saw_one_noisy_picture_share_a_scene(sweep: Path) -> None:
    found = {scene.name: scene for scene in scenes(sweep)}
    assert list(found) == [
        "a.png, sigma=15",
        "b.png, sigma=15",
        "a.png, model=unet, sigma=30",
        "b.png, model=unet, sigma=30",
    ]
    both = found["b.png, sigma=15"]
    assert list(both.views) == ["clean", "noisy", "model=dncnn", "model=unet"]
    assert both.figures == {"model=dncnn": "34.00 dB", "model=unet": "34.50 dB"}
    shown = (CLEAN["b.png"] * 34.5 / 40 * 255).round().permute(1, 2, 0)
    assert torch.equal(both.views["model=unet"].float(), shown)
    assert list(found["a.png, model=unet, sigma=30"].views) == ["clean", "noisy", "restored"]


def test_the_page_tells_what_is_done_and_what_failed(sweep: Path) -> None:
    written = page(sweep)
    assert written.lead == "A sweep of 4 jobs: 3 done, 1 failed."
    assert "budget=smoke" in written.legend and "default: whole" in written.legend
    assert [chart.title for chart in written.charts] == ["PSNR against noise level", "PSNR against parameters"]
    assert written.parallel is not None and written.parallel.axes[0].name == "model"
    pictures, every = written.parts
    assert pictures.notes == [
        "WARNING   2 test pictures share a piece with a training picture: a.png ~ 1.jpg, b.png ~ 7.jpg"
    ]
    assert every.table is not None and "out of memory" in every.table.cells()[1]


def test_a_sweep_that_has_just_begun_has_a_page(tmp_path: Path) -> None:
    freeze(tmp_path / "depth=4", {"overrides": ["model.depth=4"]})
    written = page(tmp_path)
    assert written.lead == "A sweep of 1 jobs: 1 waiting." and written.charts == [] and written.parallel is None
    assert [part.title for part in written.parts] == ["Every job"]
