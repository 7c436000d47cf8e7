"""Trials of a search that fall behind end early."""

from __future__ import annotations

from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from denoiselab.errors import UserError
from denoiselab.sweep.ledger import AXES, SEARCH, read
from denoiselab.training.checkpoints import Keeper


class MedianPruning(Callback):
    """Ends a trial whose best validation is worse than the median of the others' after as many steps.

    Optuna's `MedianPruner`, in the job's own process: figures go into the study's store and come from there. What the
    trial has come to is its figure; `step`, in its checkpoints, says when it was ended.

    Args:
        trials: how many have to have come to a figure before one is ended.
        steps: optimizer steps before which none is ended.

    Raises:
        UserError: Optuna isn't installed, the run is no trial of a search, or it isn't validated.
    """

    def __init__(self, *, trials: int, steps: int) -> None:
        try:
            from optuna.pruners import MedianPruner
        except ImportError as error:
            raise UserError("callbacks=prune needs optuna: pip install 'denoiselab[optuna]'") from error
        self.pruner = MedianPruner(n_startup_trials=trials, n_warmup_steps=steps)
        self.step: int | None = None

    def state_dict(self) -> dict[str, Any]:
        return {"step": self.step}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.step = state_dict["step"]

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        keeper = next(callback for callback in trainer.checkpoint_callbacks if isinstance(callback, Keeper))
        if not (keeper.run_dir.parent / SEARCH).exists():
            raise UserError("callbacks=prune ends trials of a search: hydra/sweeper=optuna")
        if keeper.watched is None:
            raise UserError("callbacks=prune goes by the validation: data.val and trainer.limit_val_batches are needed")
        self.job, self.watched = keeper.run_dir, keeper.watched[0]

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        behind = trainer.is_global_zero and self._behind(trainer)
        if trainer.strategy.reduce_boolean_decision(behind, all=False) and trainer.global_step < trainer.max_steps:
            self.step = trainer.global_step
            trainer.should_stop = True

    def _behind(self, trainer: Trainer) -> bool:
        """Report the figure; whether the trial is to end."""
        import optuna

        step, study = trainer.global_step, optuna.load_study(**read(self.job.parent / SEARCH))
        said = read(self.job / AXES)
        for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
            if all(said.get(key) == str(value) for key, value in trial.params.items()):
                figure = float(trainer.callback_metrics[self.watched])
                study._storage.set_trial_intermediate_value(trial._trial_id, step, figure)
                trial.intermediate_values[step] = figure
                return bool(self.pruner.prune(study, trial))
        return False
