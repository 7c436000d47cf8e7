"""A sweep read from its folder."""

from pathlib import Path
from typing import Any

from denoiselab.report.results import write_figures
from denoiselab.sweep.ledger import end, freeze


def test_tables_and_plots_of_a_sweep(shell: Any, workdir: Path) -> None:
    for sigma, psnr in ((15, 34.0), (30, 30.5)):
        freeze(job := workdir / "my sweep, (1)" / f"sigma={sigma}", {"overrides": [f"noise.sigma={sigma}"]})
        write_figures(job, {"parameters": 7, "PSNR dB": psnr, "protocol": "default"})
        end(job)
    said = shell("report", "sweep=my sweep, (1)")
    assert said.code == 0, said.err
    assert "34.00" in said.out and "written: my sweep, (1)/sigma.png" in said.out
    assert {"jobs.csv", "leaderboard.md", "sigma.png"} <= {file.name for file in (workdir / "my sweep, (1)").iterdir()}


def test_what_is_no_sweep(shell: Any, workdir: Path) -> None:
    assert shell("report").line == "report: sweep is not set: name a sweep's folder, sweep=FOLDER"
    assert shell("report", "sweep=gone").line.startswith("report: sweep=gone: there is no sweep here")
    assert not list(workdir.iterdir())
