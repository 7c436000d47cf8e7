"""Optuna's search through Hydra's sweeper for it, on a store in the sweep's folder that survives a kill.

What is searched for is the validation figure of each job's best checkpoint, never the test's. The sweeper itself stops
no job early; `callbacks=prune` does (`denoiselab.training.pruning`).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from denoiselab.errors import UserError
from denoiselab.sweep.ledger import SEARCH, write


def is_search(sweeper: Any) -> bool:
    """Whether a sweeper is Optuna's."""
    return "n_trials" in sweeper


def go_on(sweeper: Any, folder: Path, typed: list[str]) -> dict[str, Any]:
    """What to set of the sweeper, so that the same command goes on with the same study.

    `n_trials` counts the trials that came to a figure, those of earlier commands too. The ones that were interrupted
    or failed come first, with the same values and so in the same folders. A sampler's seed is another for each
    command: the same one would draw the same values again.

    Raises:
        UserError: the command line doesn't say which way is better.
    """
    import optuna
    from optuna.exceptions import ExperimentalWarning
    from optuna.trial import TrialState

    warnings.simplefilter("ignore", ExperimentalWarning)  # trials that are queued
    if not any(override.startswith("hydra.sweeper.direction=") for override in typed):
        raise UserError("hydra.sweeper.direction is not said: maximize for a PSNR, minimize for a loss")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = sweeper.storage or f"sqlite:///{folder}/optuna.db"
    name = sweeper.study_name or folder.name
    direction = getattr(sweeper.direction, "name", sweeper.direction)
    study = optuna.create_study(storage=storage, study_name=name, direction=direction, load_if_exists=True)
    write(folder / SEARCH, {"storage": storage, "study_name": name})
    for trial in study.get_trials(states=[TrialState.RUNNING]):
        study.tell(trial.number, state=TrialState.FAIL)
    for values in again(study.trials):
        study.enqueue_trial(values)
    done = len(study.get_trials(states=[TrialState.COMPLETE]))
    own = {"storage": storage, "study_name": name, "n_trials": max(0, sweeper.n_trials - done)}
    seed = (sweeper.get("sampler") or {}).get("seed")
    return own if seed is None else {**own, "sampler.seed": seed + len(study.trials)}


def again(trials: Sequence[Any]) -> list[dict[str, Any]]:
    """The values of the trials that failed, each once; without those that came to a figure or wait already."""
    from optuna.trial import TrialState

    waiting = [trial.system_attrs.get("fixed_params") for trial in trials if trial.state is TrialState.WAITING]
    known = [{}, *waiting, *(trial.params for trial in trials if trial.state is TrialState.COMPLETE)]
    failed = [trial.params for trial in trials if trial.state is TrialState.FAIL]
    return [values for i, values in enumerate(failed) if values not in [*known, *failed[:i]]]
