"""Optuna's search through Hydra's sweeper for it, on a store in the sweep's folder that survives a kill.

What is searched for is the validation figure of each job's best checkpoint, never the test's. The sweeper can't stop
a job early (prune).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.errors import UserError


def is_search(sweeper: Any) -> bool:
    """Whether a sweeper is Optuna's."""
    return "n_trials" in sweeper


def go_on(sweeper: Any, folder: Path, typed: list[str]) -> dict[str, Any]:
    """What to set of the sweeper, so that the same command goes on with the same study.

    `n_trials` counts the trials that came to a figure, those of earlier commands too. The ones that were interrupted
    or failed come first, with the same values and so in the same folders.

    Raises:
        UserError: the command line doesn't say which way is better.
    """
    import optuna
    from optuna.trial import TrialState

    if not any(override.startswith("hydra.sweeper.direction=") for override in typed):
        raise UserError("hydra.sweeper.direction is not said: maximize for a PSNR, minimize for a loss")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = sweeper.storage or f"sqlite:///{folder}/optuna.db"
    name = sweeper.study_name or folder.name
    direction = getattr(sweeper.direction, "name", sweeper.direction)
    study = optuna.create_study(storage=storage, study_name=name, direction=direction, load_if_exists=True)
    done = [trial.params for trial in study.trials if trial.state is TrialState.COMPLETE]
    again = list[dict[str, Any]]()
    for trial in study.trials:
        if trial.state is TrialState.RUNNING:
            study.tell(trial.number, state=TrialState.FAIL)
        if trial.state in (TrialState.RUNNING, TrialState.FAIL) and trial.params not in [{}, *done, *again]:
            again.append(trial.params)
            study.enqueue_trial(trial.params)
    return {"storage": storage, "study_name": name, "n_trials": max(0, sweeper.n_trials - len(done))}
