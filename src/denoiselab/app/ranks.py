"""Which of the processes that train together this one is, whoever started them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from denoiselab.app.argv import named
from denoiselab.errors import UserError

RANKS = ("RANK", "SLURM_PROCID", "NODE_RANK", "LOCAL_RANK")
"""Where torchrun, Slurm's srun and Lightning say it."""
SIZES = ("WORLD_SIZE", "SLURM_STEP_NUM_TASKS")
"""Where torchrun and srun say how many they started."""


def rank() -> str:
    """A name of this process that no other has that trains with it."""
    return "-".join(os.environ.get(name, "0") for name in RANKS)


def first() -> bool:
    """Whether this process speaks for those that train together."""
    return not rank().strip("-0")


def check_together(arguments: Sequence[str]) -> None:
    """Refuse several processes without a common folder: each would name its own by the time.

    Raises:
        UserError: torchrun or srun started several, and they are to sweep, or no folder is said.
    """
    several = max(int(os.environ.get(name) or 1) for name in SIZES)
    if several > 1 and {"-m", "--multirun"} & set(arguments):
        raise UserError(f"{several} processes were started; a sweep (-m) is one that starts the others itself")
    if several > 1 and named(arguments, "hydra.run.dir") is None:
        raise UserError(f"{several} processes were started for one run: name their folder, hydra.run.dir=RUN")
