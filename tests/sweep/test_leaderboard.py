"""The tables over the jobs of a sweep: what they share, what they came to, how one failed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiselab.report.results import write_figures
from denoiselab.report.tables import Table, read_rows
from denoiselab.sweep.leaderboard import jobs_table, leaderboard, write_tables
from denoiselab.sweep.ledger import LOG, end, freeze


def job(
    folder: Path, name: str, psnr: float | None, *overrides: str, protocol: str = "default", error: str = ""
) -> None:
    freeze(folder / name, {"overrides": overrides})
    if psnr is not None:
        write_figures(folder / name, {"parameters": 7, "PSNR dB": psnr, "protocol": protocol})
    if psnr is not None or error:
        end(folder / name, error=error or None)


def cells(table: Table, *columns: str) -> list[list[Any]]:
    return [[row.get(column) for column in columns] for row in table.rows]


def test_what_all_jobs_share_stands_in_the_title(tmp_path: Path) -> None:
    for depth, psnr in ((4, 28.5), (6, 29.0)):
        job(tmp_path, f"depth={depth}", psnr, "+model=dncnn", f"model.depth={depth}", "hydra.job.num=1", "-m")
    table = jobs_table(tmp_path)
    assert table.title.startswith("model=dncnn, default, 0.")
    assert list(table.columns) == ["job", "state", "model.depth", "parameters", "PSNR dB"]
    assert table.cells() == [["depth=4", "done", "4", "7", "28.50"], ["depth=6", "done", "6", "7", "29.00"]]


def test_jobs_stand_in_the_order_of_their_numbers_and_the_best_first(tmp_path: Path) -> None:
    for seed in (10, 9, 2):
        job(tmp_path, f"model=a,depth={seed}", 20.0 + seed % 10, f"model.depth={seed}")
    assert cells(jobs_table(tmp_path), "model.depth") == [["2"], ["9"], ["10"]]
    assert cells(leaderboard(tmp_path), "model.depth") == [["9"], ["2"], ["10"]]


def test_only_what_was_measured_alike_is_ranked(tmp_path: Path) -> None:
    for sigma, depth, psnr in ((25, 4, 29.0), (5, 4, 36.0), (25, 6, 30.0), (5, 6, 35.0), (15, 4, 20.0)):
        job(tmp_path, f"{sigma}-{depth}", psnr, f"noise.sigma={sigma}", f"model.depth={depth}")
    rows = cells(leaderboard(tmp_path), "noise.sigma", "model.depth")
    assert rows == [["5", "4"], ["5", "6"], ["15", "4"], ["25", "6"], ["25", "4"]]


def test_what_is_measured_at_one_level_is_one_test(tmp_path: Path) -> None:
    for sigma, psnr in (("[0,10]", 20.0), ("[0,55]", 23.0), ("[40,55]", 22.0)):
        job(tmp_path, sigma, psnr, f"noise.sigma={sigma}", "test_noise.sigma=25")
    assert cells(leaderboard(tmp_path), "noise.sigma") == [["[0,55]"], ["[40,55]"], ["[0,10]"]]


@pytest.mark.parametrize(("figure", "spread"), [("MSE", "± MSE"), ("error %", "± %")])
def test_errors_are_ranked_and_spread_over_seeds(tmp_path: Path, figure: str, spread: str) -> None:
    for depth, errors in ((2, (0.5, 0.7)), (4, (0.2, 0.3)), (6, (0.9, 0.7))):
        for seed, error in enumerate(errors):
            folder = tmp_path / f"{depth},{seed}"
            freeze(folder, {"overrides": [f"model.depth={depth}", f"seed={seed}"]})
            write_figures(folder, {"parameters": 7, figure: error, "± 95 %": 0.01, "step": 10 * seed, "points": 5})
            end(folder)
    table = leaderboard(tmp_path)
    assert cells(table, "model.depth") == [["4"], ["2"], ["6"]] and not {"step", "± 95 %"} & set(table.columns)
    assert table.rows[0][spread] == pytest.approx(0.1 / 2**0.5) and table.rows[0][figure] == pytest.approx(0.25)


def test_figures_that_not_all_seeds_have_are_left_out(tmp_path: Path) -> None:
    for seed, more in ((0, {"step": 5, "shared with training": None}), (1, {"shared with training": ["a ~ b"]})):
        folder = tmp_path / str(seed)
        freeze(folder, {"overrides": [f"seed={seed}"]})
        write_figures(folder, {"PSNR dB": 30.0 + seed, **more})
        end(folder)
    assert cells(leaderboard(tmp_path), "PSNR dB", "step", "seeds") == [[30.5, None, 2]]


def test_how_was_trained_is_no_test_of_its_own(tmp_path: Path) -> None:
    for batch, psnr in ((4, 29.0), (8, 31.0), (16, 30.0)):
        job(tmp_path, str(batch), psnr, f"data.batch_size={batch}")
    assert cells(leaderboard(tmp_path), "data.batch_size") == [["8"], ["16"], ["4"]]


def test_nothing_yet_is_said(tmp_path: Path) -> None:
    job(tmp_path, "0", None, "model=unet")
    write_tables(tmp_path)
    assert (tmp_path / "leaderboard.md").read_text() == "nothing yet\n"


def test_protocols_that_differ_and_a_single_job_stay_columns(tmp_path: Path) -> None:
    job(tmp_path, "0", 28.0, "seed=1")
    assert list(jobs_table(tmp_path).columns) == ["job", "state", "seed", "parameters", "PSNR dB", "protocol", "code"]
    job(tmp_path, "1", 28.0, "seed=1", protocol="sr")
    assert jobs_table(tmp_path).title.startswith("seed=1, 0.")
    assert cells(jobs_table(tmp_path), "protocol") == [["default"], ["sr"]]


def test_every_job_has_a_row_at_any_moment(tmp_path: Path) -> None:
    job(tmp_path, "0", None, "model=unet", "model.depth=0", error="depth=0: 1 or more are needed")
    job(tmp_path, "1", 28.5, "model=unet", "model.depth=4")
    job(tmp_path, "2", None, "model=unet", "model.depth=6")
    job(tmp_path, "3", None, "model=unet", "model.depth=8")
    (tmp_path / "3" / LOG).touch()
    assert cells(jobs_table(tmp_path), "model.depth", "PSNR dB", "state", "error") == [
        ["0", None, "failed", "depth=0: 1 or more are needed"],
        ["4", 28.5, "done", None],
        ["6", None, "waiting", None],
        ["8", None, "interrupted", None],
    ]
    assert cells(leaderboard(tmp_path), "model.depth") == [["4"]]


def test_an_empty_sweep_is_an_empty_table(tmp_path: Path) -> None:
    assert (jobs_table(tmp_path).rows, leaderboard(tmp_path).rows) == ([], [])


def test_seeds_are_one_row_of_mean_and_deviation(tmp_path: Path) -> None:
    figures = {"dncnn": [28.0, 28.5, 29.3], "unet": [30.0]}
    for model, values in figures.items():
        for seed, psnr in enumerate(values):
            job(tmp_path, f"{model}{seed}", psnr, f"model={model}", f"seed={seed}", "noise.sigma=25")
    best = leaderboard(tmp_path)
    assert cells(best, "model", "parameters", "seeds") == [["unet", 7, 1], ["dncnn", 7, 3]]
    assert not {"seed", "job", "state"} & set(best.columns)
    assert [row["PSNR dB"] for row in best.rows] == pytest.approx([30.0, np.mean(figures["dncnn"])])
    assert best.rows[1]["± dB"] == pytest.approx(np.std(figures["dncnn"], ddof=1))
    assert best.cells()[0][list(best.columns).index("± dB")] == "–"


def test_an_axis_stays_one_while_a_single_job_is_done(tmp_path: Path) -> None:
    job(tmp_path, "0", 28.0, "noise.sigma=15", "model=unet")
    job(tmp_path, "1", None, "noise.sigma=30", "model=unet")
    assert leaderboard(tmp_path).title == "model=unet"
    assert cells(leaderboard(tmp_path), "noise.sigma") == [["15"]]


def test_tables_are_written_whatever_the_jobs_share(tmp_path: Path) -> None:
    job(tmp_path, "0", 30.0, "noise.sigma=15", "budget=smoke")
    job(tmp_path, "1", 28.0, "noise.sigma=30", "budget=smoke")
    write_tables(tmp_path)
    columns, written = read_rows(tmp_path / "jobs.csv")
    assert "budget" not in columns
    assert [row["noise.sigma"] for row in written] == ["15", "30"]
    assert "budget=smoke" in (tmp_path / "leaderboard.md").read_text()
    assert len(read_rows(tmp_path / "leaderboard.csv")[1]) == 2
