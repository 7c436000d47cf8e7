"""A search by Optuna that goes on after a kill."""

from pathlib import Path
from typing import Any

import pytest

optuna = pytest.importorskip("optuna")
pytest.importorskip("hydra_plugins.hydra_optuna_sweeper")

from omegaconf import OmegaConf  # noqa: E402

from denoiselab.app import job  # noqa: E402
from denoiselab.app.search import again, go_on  # noqa: E402
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


def test_what_failed_is_tried_again_once(tmp_path: Path) -> None:
    sweeper = OmegaConf.create(
        {"storage": f"sqlite:///{tmp_path}/store.db", "study_name": "a", "direction": "maximize", "n_trials": 5,
         "sampler": {"seed": 3}}
    )  # fmt: skip
    study = optuna.create_study(storage=sweeper.storage, study_name="a", direction="maximize")
    rates = {"lr": optuna.distributions.UniformDistribution(0, 1)}
    ended = [("COMPLETE", 0.1, 20.0), ("FAIL", 0.2, None), ("FAIL", 0.2, None), ("FAIL", 0.1, None)]
    for state, value, figure in ended:
        ends = optuna.trial.TrialState[state]
        study.add_trial(optuna.create_trial(state=ends, params={"lr": value}, distributions=rates, value=figure))
    for command in ("first", "killed before it came to a trial"):
        said = go_on(sweeper, tmp_path, ["hydra.sweeper.direction=maximize"])
        assert (said["n_trials"], said["sampler.seed"]) == (4, 3 + 5)
        waiting = [trial for trial in study.trials if trial.state.name == "WAITING"]
        assert [trial.system_attrs["fixed_params"] for trial in waiting] == [{"lr": 0.2}], command
    assert again(study.trials) == []


def test_a_trial_that_falls_behind_ends_early(shell: Any) -> None:
    Path("all").mkdir()
    begun = optuna.create_study(storage="sqlite:///all/optuna.db", study_name="all", direction="maximize")
    for _ in range(2):
        better = dict.fromkeys(range(1, 5), 99.0)
        begun.add_trial(optuna.create_trial(value=99.0, intermediate_values=better))
    said = shell("train", *SEARCH, "trainer.max_steps=4", "trainer.val_every=2", "hydra.sweeper.n_trials=3",
                 "callbacks=prune", "callbacks.panels=null", "callbacks.prune.trials=2")  # fmt: skip
    assert said.code == 0, said.err
    (folder,) = jobs(Path("all"))
    outcome, last = read(folder / "outcome.yaml"), study().trials[-1]
    assert outcome["pruned"] == 2 and read_rows(Path("all/jobs.csv"))[1][0]["pruned"] == "2"
    assert last.state.name == "COMPLETE" and last.intermediate_values == {2: pytest.approx(outcome["validation"])}


def test_pruning_belongs_to_a_search(shell: Any) -> None:
    said = shell("train", *SMALL, "callbacks=prune")
    assert said.line == "train: callbacks=prune ends trials of a search: hydra/sweeper=optuna"
