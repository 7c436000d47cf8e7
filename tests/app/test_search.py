"""A search by Optuna that goes on after a kill."""

from pathlib import Path
from typing import Any

import pytest

optuna = pytest.importorskip("optuna")
pytest.importorskip("hydra_plugins.hydra_optuna_sweeper")

from denoiselab.app import job  # noqa: E402
from denoiselab.report.tables import read_rows  # noqa: E402
from denoiselab.sweep.ledger import jobs, read  # noqa: E402

from .test_sweep import SMALL  # noqa: E402

pytestmark = [pytest.mark.usefixtures("in_process", "workdir"), pytest.mark.filterwarnings("ignore")]
SEARCH = (
    "-m", *SMALL, "hydra/sweeper=optuna", "hydra.sweeper.direction=maximize", "hydra.sweep.dir=all",
    "hydra.sweeper.n_jobs=1", "optimizer.lr=tag(log, interval(1e-4, 1e-2))",
)  # fmt: skip


def study() -> Any:
    return optuna.load_study(study_name="all", storage="sqlite:///all/optuna.db")


def test_the_best_is_that_of_validation(shell: Any) -> None:
    said = shell("train", *SEARCH, "hydra.sweeper.n_trials=2")
    assert said.code == 0, said.err
    figures = [read(folder / "outcome.yaml")["validation"] for folder in jobs(Path("all"))]
    assert len(figures) == 2 and study().best_value == max(figures)
    logged = [float(row["val/psnr"]) for row in read_rows(jobs(Path("all"))[0] / "metrics.csv")[1] if row["val/psnr"]]
    assert figures[0] == pytest.approx(max(logged))


def test_a_killed_search_goes_on(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(job, "process", stopped)
        assert shell("train", *SEARCH, "hydra.sweeper.n_trials=2").code == 1
    (first,) = jobs(Path("all"))
    said = shell("train", *SEARCH, "hydra.sweeper.n_trials=2")
    assert said.code == 0, said.err
    assert first in jobs(Path("all")) and len(jobs(Path("all"))) == 2
    assert sorted(trial.state.name for trial in study().trials) == ["COMPLETE", "COMPLETE", "FAIL"]
    assert shell("train", *SEARCH, "hydra.sweeper.n_trials=2").code == 0
    assert len(study().trials) == 3


def stopped(folder: Path) -> int:
    raise KeyboardInterrupt


def test_which_way_is_better_has_to_be_said(shell: Any) -> None:
    said = shell("train", *(word for word in SEARCH if "direction" not in word))
    assert said.line == "train: hydra.sweeper.direction is not said: maximize for a PSNR, minimize for a loss"
    assert not list(Path("all").glob("*/"))
