"""A loss that is no number ends the run, and no checkpoint holds what came of it."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import LAST, read_checkpoint
from denoiselab.training.run import Run, train


class Spoil(pl.Callback):
    """Makes the weights no numbers after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        if trainer.global_step == self.step:
            with torch.no_grad():
                next(pl_module.parameters()).fill_(math.nan)


@pytest.mark.filterwarnings("ignore:The number of training batches")
@pytest.mark.parametrize(("step", "every", "kept"), [(1, 1, None), (4, 1, 3), (4, 100, 3), (6, 100, 3), (7, 5, 6)])
@pytest.mark.parametrize("validated", [True, False])
def test_last_checkpoint_is_from_before(
    step: int, every: int, kept: int | None, validated: bool, composed: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    config = composed(f"trainer.log_every_n_steps={every}", *() if validated else ["data.val=[]"])
    config["callbacks"] = {"spoil": {"_target_": f"{__name__}.Spoil", "step": step}}
    with pytest.raises(
        UserError, match=r"(is nan at step \d+.*|no numbers any more .*): lower the learning rate.* optimizer\.lr"
    ):
        train(Run(config, {}, tmp_path))
    assert (tmp_path / LAST).exists() == (kept is not None)
    if kept is not None:
        content = read_checkpoint(tmp_path / LAST)
        assert content["global_step"] == kept
        assert all(torch.isfinite(value).all() for value in content["state_dict"].values())


def test_divergence_is_seen(composed: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lower the learning rate"):
        train(Run(composed("optimizer=sgd", "optimizer.lr=1e30", "scheduler=constant"), {}, tmp_path))


class Grow(pl.Callback):
    """Multiplies the weights after the third step."""

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        if trainer.global_step == 3:
            with torch.no_grad():
                for p in pl_module.parameters():
                    p.mul_(100)


@pytest.mark.filterwarnings("ignore:The number of training batches")
def test_loss_that_grows_without_end_is_said(composed: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    config = composed("trainer.log_every_n_steps=5", "model=plain_dncnn", "model.depth=1", "model.num_features=4")
    config["callbacks"] = {"grow": {"_target_": f"{__name__}.Grow"}}
    with pytest.raises(UserError, match=r"at step 5, where it began with .*: lower the learning rate"):
        train(Run(config, {}, tmp_path))
