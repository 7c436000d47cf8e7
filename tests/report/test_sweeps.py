"""One table over the jobs of a sweep: what they share, what they came to, and how one failed."""

from pathlib import Path
from typing import Any

from denoiselab.report.results import write_figures
from denoiselab.report.sweeps import sweep_table, write_overrides
from denoiselab.report.tables import read_rows


def job(folder: Path, psnr: float | None, *overrides: str, protocol: str = "default", error: str = "") -> None:
    folder.mkdir()
    if overrides:
        write_overrides(folder, overrides)
    if psnr is not None:
        write_figures(folder, {"PSNR dB": psnr, "protocol": protocol})
    if error:
        (folder / "error.txt").write_text(error, encoding="utf-8")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [dict(row) for row in sweep_table(folder).rows]


def test_what_all_jobs_share_stands_in_the_title(tmp_path: Path) -> None:
    for number, (depth, psnr) in enumerate([(4, 28.5), (6, 29.0)]):
        job(tmp_path / str(number), psnr, "+model=dncnn", f"model.depth={depth}", "hydra.job.num=1", "-m")
    table = sweep_table(tmp_path)
    assert table.title == "model=dncnn, default"
    assert list(table.columns) == ["job", "model.depth", "PSNR dB"]
    assert table.cells() == [["0", "4", "28.50"], ["1", "6", "29.00"]]


def test_jobs_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 2):
        job(tmp_path / str(number), 20.0 + number, f"seed={number}")
    assert [row["job"] for row in rows(tmp_path)] == ["2", "9", "10"]


def test_protocols_that_differ_and_a_single_job_stay_columns(tmp_path: Path) -> None:
    job(tmp_path / "0", 28.0, "seed=1")
    assert (sweep_table(tmp_path).title, list(sweep_table(tmp_path).columns)) == (
        "", ["job", "seed", "PSNR dB", "protocol"])  # fmt: skip
    job(tmp_path / "1", 28.0, "seed=1", protocol="sr")
    assert sweep_table(tmp_path).title == "seed=1"
    assert [row["protocol"] for row in rows(tmp_path)] == ["default", "sr"]


def test_a_failed_job_has_a_row_with_its_error(tmp_path: Path) -> None:
    job(tmp_path / "0", None, "model=unet", "model.depth=0", error="depth=0: 1 or more are needed\nTraceback\n")
    job(tmp_path / "1", 28.5, "model=unet", "model.depth=4")
    job(tmp_path / "2", 28.7, "model=unet", "model.depth=6")
    job(tmp_path / "3", None, error="model=unet: not found")
    (tmp_path / "4").mkdir()
    table = sweep_table(tmp_path)
    assert table.title == "model=unet, default"
    assert list(table.columns) == ["job", "model.depth", "PSNR dB", "error"]
    assert table.cells() == [
        ["0", "0", "–", "depth=0: 1 or more are needed"],
        ["1", "4", "28.50", "–"],
        ["2", "6", "28.70", "–"],
        ["3", "–", "–", "model=unet: not found"],
    ]


def test_an_empty_sweep_is_an_empty_table(tmp_path: Path) -> None:
    assert (rows(tmp_path), sweep_table(tmp_path).title) == ([], "")


def test_a_table_is_written_whatever_the_jobs_share(tmp_path: Path) -> None:
    job(tmp_path / "0", 30.0, "noise.sigma=15", "budget=smoke")
    job(tmp_path / "1", 28.0, "noise.sigma=30", "budget=smoke")
    sweep_table(tmp_path).to_csv(tmp_path / "table.csv")
    columns, written = read_rows(tmp_path / "table.csv")
    assert "budget" not in columns
    assert [row["noise.sigma"] for row in written] == ["15", "30"]
