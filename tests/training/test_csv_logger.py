import csv
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from denoiselab.training.csv_logger import CsvLogger


def rows(folder: Path) -> list[dict[str, str]]:
    if not (folder / "metrics.csv").exists():
        return []
    with (folder / "metrics.csv").open() as file:
        return list(csv.DictReader(file))


def test_values_of_a_step_share_a_row_and_columns_grow(tmp_path: Path) -> None:
    logger = CsvLogger(tmp_path)
    logger.log_metrics({"loss": 0.5}, 0)
    logger.log_metrics({"loss": 0.25}, 1)
    logger.log_metrics({"val/psnr": 30.5}, 1)
    logger.log_metrics({"loss": 0.125}, 2)
    logger.log_metrics({"val/psnr": 31.0}, 2)
    logger.log_metrics({"loss": 0.1}, 2)
    logger.log_metrics({"loss": 0.0625}, 3)
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "step,loss,val/psnr", "1,0.5,", "2,0.25,30.5", "3,0.1,31", "4,0.0625,"
    ]  # fmt: skip


def test_numbers_survive(tmp_path: Path) -> None:
    logger = CsvLogger(tmp_path)
    logger.log_metrics({"a": float("nan"), "b": float("inf"), "c": float("-inf"), "d": 12345678901}, 7)
    assert rows(tmp_path) == [{"step": "8", "a": "nan", "b": "inf", "c": "-inf", "d": "12345678901"}]


def test_a_second_logger_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    CsvLogger(tmp_path).log_metrics({"loss": 1.0}, 0)
    again = CsvLogger(tmp_path)
    again.log_metrics({"val/psnr": 20.0}, 0)
    again.log_metrics({"loss": 0.5}, 1)
    assert [row["step"] for row in rows(tmp_path)] == ["1", "2"]
    assert rows(tmp_path)[0] == {"step": "1", "loss": "1", "val/psnr": "20"}


@pytest.mark.parametrize("torn", ["3,0.", "3", "3,0.1,9"])
def test_a_torn_last_line_is_dropped(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "metrics.csv"
    whole = "step,loss\n1,1\n2,0.5\n"
    path.write_text(whole + torn)
    CsvLogger(tmp_path).cut_back(2)
    assert path.read_text() == whole
    path.write_text(whole + torn)
    CsvLogger(tmp_path).log_metrics({"loss": 0.25}, 2)
    assert path.read_text() == whole + "3,0.25\n"


def test_cut_back_keeps_the_first_steps_and_logging_goes_on(tmp_path: Path) -> None:
    logger = CsvLogger(tmp_path)
    logger.cut_back(5)
    assert not logger.path.exists()
    for step in range(6):
        logger.log_metrics({"loss": step}, step)
    logger.cut_back(3)
    logger.log_metrics({"loss": 30}, 3)
    assert [(row["step"], row["loss"]) for row in rows(tmp_path)] == [("1", "0"), ("2", "1"), ("3", "2"), ("4", "30")]
    logger.cut_back(0)
    logger.log_metrics({"loss": 9}, 0)
    assert rows(tmp_path) == [{"step": "1", "loss": "9"}]


def test_only_the_file_is_left(tmp_path: Path) -> None:
    CsvLogger(tmp_path).log_metrics({"loss": 1.0}, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.csv"]


def test_a_run_is_logged_one_row_a_step(tmp_path: Path, fit: Callable) -> None:
    fit(steps=6, logger=CsvLogger(tmp_path))
    got = {row["step"]: row for row in rows(tmp_path)}
    assert list(got) == ["2", "3", "4", "6"]
    assert got["6"]["loss"] and got["6"]["val/psnr"] and not got["3"]["loss"]


def write_for_ever(folder: Path) -> None:
    logger = CsvLogger(folder)
    for step in range(10**9):
        grown = {f"new{step // 50}": 1.0} if step % 50 == 0 and step < 2000 else {}
        logger.log_metrics({"loss": step / 7, **grown}, step)
        logger.log_metrics({"val/psnr": step}, step)


def test_killed_at_any_moment_the_rows_are_whole(tmp_path: Path) -> None:
    writer = os.fork()
    if writer == 0:
        try:
            write_for_ever(tmp_path)
        finally:
            os._exit(1)
    end = time.monotonic() + 60
    while len(rows(tmp_path)) < 100 and time.monotonic() < end:
        time.sleep(0.01)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    got = rows(tmp_path)
    assert [int(row["step"]) for row in got] == list(range(1, len(got) + 1)) and len(got) > 20
    assert all(row["loss"] == f"{(int(row['step']) - 1) / 7:.9g}" and None not in row for row in got)
    assert all(int(row["val/psnr"]) + 1 == int(row["step"]) for row in got[:-1])
    assert (tmp_path / "metrics.csv").read_bytes().endswith(b"\n")
