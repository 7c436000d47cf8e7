"""What is shown of a running sweep."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from denoiselab.sweep import board
from denoiselab.sweep.board import Board, last_words
from denoiselab.sweep.ledger import LOCK, LOG, end, freeze
from denoiselab.sweep.locks import wait_for


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    for depth in (2, 4, 6, 8):
        freeze(tmp_path / f"depth={depth}", {"overrides": []})
    end(tmp_path / "depth=2", **{"PSNR dB": 28.456})
    return tmp_path


def console(width: int = 100, terminal: bool = False) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=terminal)


def test_a_line_for_each_job_that_ends(sweep: Path) -> None:
    out = console()
    shown = Board(sweep, jobs=4, seconds=60, console=out)
    while not shown.states:
        pass
    end(sweep / "depth=4", **{"PSNR dB": 29.0})
    end(sweep / "depth=6", error="no")
    shown.stop()
    lines = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert [line.split("  (")[0] for line in lines] == ["done    depth=4  29.00 dB", "failed  depth=6: no"]
    assert all("(2 of 4 done, 1 failed, about 0:00:0" in line for line in lines)


def test_a_table_of_what_runs_and_what_failed(sweep: Path) -> None:
    end(sweep / "depth=6", error="broken [x]")
    (sweep / "depth=4" / LOG).write_text("first\nstep 3/9  28.00 dB  0:10 left\n\n")
    with wait_for(sweep / "depth=4" / LOCK):
        shown = Board(sweep, jobs=4, seconds=60, console=console())
        shown.stop()
        (out := console()).print(shown.table())
    assert [line.split() for line in out.file.getvalue().splitlines()] == [  # type: ignore[attr-defined]
        f"{sweep.name}: 1 of 4 done, 1 running, 1 failed".split(),
        ["running", "depth=4", *["step", "3/9", "28.00", "dB", "0:10", "left"]],
        ["failed", "depth=6", "broken", "[x]"],
    ]


def test_the_time_left_is_that_of_the_jobs_that_ended_meanwhile(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Board(sweep, jobs=4, seconds=60, console=console())
    shown.stop()
    assert "left" not in shown.line()
    end(sweep / "depth=4")
    shown.look()
    monkeypatch.setattr(board.time, "monotonic", lambda: shown.start + 100)
    assert shown.line() == "2 of 4 done, about 0:03:20 left"


def test_jobs_that_are_still_to_be_composed_count_and_failures_give_no_time(tmp_path: Path) -> None:
    shown = Board(tmp_path, jobs=9, seconds=60, console=console())
    shown.stop()
    freeze(tmp_path / "a", {"overrides": []})
    end(tmp_path / "a", error="no")
    shown.look()
    assert shown.line() == "0 of 9 done, 1 failed"


def test_a_log_that_is_not_there_says_nothing(sweep: Path) -> None:
    assert last_words(sweep / "depth=8") == ""
