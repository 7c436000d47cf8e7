"""The Lightning Trainer of a run: precision by hardware, intervals, callbacks."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Callback, Trainer
from lightning.pytorch.loggers import Logger
from lightning.pytorch.utilities.exceptions import MisconfigurationException

from denoiselab.config import check
from denoiselab.errors import UserError
from denoiselab.precision import computes_bfloat16
from denoiselab.training.checkpoints import AtomicCheckpoints


def total_steps(options: Mapping[str, Any], steps_per_epoch: int) -> int:
    """Optimizer steps of the run: the lesser of max_steps and max_epochs.

    Raises:
        UserError: neither is set, or one is 0; a time limit alone gives the schedule no end.
    """
    for key in ("max_steps", "max_epochs"):
        if options[key] == 0:
            raise UserError(f"trainer.{key}=0: at least 1 is needed; -1 is without this limit")
    limits = [options["max_steps"], options["max_epochs"] * steps_per_epoch]
    if not (bounds := [limit for limit in limits if limit > 0]):
        raise UserError("trainer.max_steps and trainer.max_epochs are both unset: give one of them")
    return min(bounds)


def validation_interval(wanted: int, total: int) -> int:
    """Steps between validations: at most as wanted, spread evenly over the run. The last step always is validated.

    Raises:
        UserError: fewer than one.
    """
    if wanted < 1:
        raise UserError(
            f"trainer.val_every={wanted}: at least 1 is needed; trainer.limit_val_batches=0 validates never"
        )
    return math.ceil(total / math.ceil(total / min(wanted, total)))


def chosen_precision(precision: Any, accelerator: str, *, exact: bool = False) -> str:
    """The precision named, or for `auto` bf16-mixed where the hardware computes in bfloat16, else 32-true.

    exact: half precision is too coarse for an optimizer, so `auto` is 32-true.
    """
    if precision != "auto":
        return str(precision)
    if exact:
        return "32-true"
    kinds = {"gpu": "cuda", "auto": "cuda" if torch.cuda.is_available() else "cpu"}
    if accelerator == "auto" and torch.backends.mps.is_available():
        return "32-true"
    return "bf16-mixed" if computes_bfloat16(kinds.get(accelerator, accelerator)) else "32-true"


def compiles(wanted: Any, device: torch.device) -> bool:
    """Whether to compile the network: as `trainer.compile` says, or for `auto` on a GPU.

    On a CPU it gains nothing for convolutions and costs up to a minute before the first step.
    """
    if wanted not in (True, False, "auto"):
        raise UserError(f"trainer.compile={wanted}: true, false or auto is needed")
    return device.type == "cuda" if wanted == "auto" else bool(wanted)


def make_trainer(
    options: Mapping[str, Any],
    run_dir: Path,
    total: int,
    every: int,
    loggers: Sequence[Logger],
    callbacks: list[Callback],
    *,
    exact: bool = False,
) -> Trainer:
    """The Trainer that `options` (conf/trainer) describe, for this many steps.

    exact: half precision is too coarse for an optimizer of the run.

    Raises:
        UserError: an option that Lightning's Trainer doesn't take, or a value that it refuses.
    """
    named = {key: value for key, value in options.items() if key not in ("val_every", "compile")}
    named["precision"] = chosen_precision(options["precision"], str(options["accelerator"]), exact=exact)
    named.setdefault("benchmark", not named["deterministic"])  # crops are of one size: cudnn may try its kernels
    check(Trainer, named, "trainer", {})
    if named.get("accumulate_grad_batches", 1) != 1:
        raise UserError(
            f"trainer.accumulate_grad_batches={named['accumulate_grad_batches']}: a step is one batch here; "
            f"for larger ones set data.batch_size"
        )
    try:
        trainer = Trainer(
            **{**named, "max_steps": total, "max_epochs": -1},
            default_root_dir=run_dir,
            logger=list(loggers) or False,
            callbacks=callbacks,
            plugins=[AtomicCheckpoints()],
            val_check_interval=every,
            check_val_every_n_epoch=None,
            num_sanity_val_steps=0,
            enable_model_summary=False,
            use_distributed_sampler=False,
            inference_mode=False,  # a method's restore may descend, which inference tensors forbid
        )
    except (MisconfigurationException, ValueError, TypeError, RuntimeError, ImportError) as error:
        raise UserError(f"trainer: {error}") from error
    if trainer.strategy.root_device.type == "cpu" and named.get("sync_batchnorm"):
        raise UserError("trainer.sync_batchnorm=true: SyncBatchNorm runs on GPUs alone; on a CPU leave it away")
    return trainer


def leave_group() -> None:
    """Leave the processes that trained together, so that this one can go on alone or start others."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return
    torch.distributed.destroy_process_group()
    for variable in ("LOCAL_RANK", "NODE_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        os.environ.pop(variable, None)
