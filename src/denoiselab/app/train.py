"""The verb `train`: start a run, or go on with one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from denoiselab.app.argv import beside, named
from denoiselab.app.composed import described, run_of
from denoiselab.app.folder import recognised
from denoiselab.app.network import network_of
from denoiselab.app.next_steps import next_steps
from denoiselab.app.options import freed, group_overrides
from denoiselab.app.ranks import check_together
from denoiselab.app.runs import no_ruins, opened, own_words, path_override
from denoiselab.errors import UserError

GROUPS = [
    "model",
    "data",
    "noise",
    "supervision",
    "loss",
    "optimizer",
    "scheduler",
    "method",
    "trainer",
    "callbacks",
    "logger",
    "protocol",
    "budget",
]
OPEN = ("test_noise.",)
"""Where any key may be set: those of the noise."""


def prepared(arguments: list[str]) -> list[str]:
    """With `ckpt=RUN`: compose the groups of that run, into its own folder. Else name the folder by the network.

    A folder of a person's own pictures is looked at: what it holds chooses the data and the supervision.
    """
    if (ckpt := named(arguments, "ckpt")) is None:
        check_together(arguments)
        arguments = beside(arguments, network_of(arguments))
        network = named(arguments, "model._target_")
        name = [path_override("hydra.job.name", network.rpartition(".")[2])] if network else []
        return beside(freed(recognised(arguments, trains=True), {}, OPEN), name)
    from denoiselab.methods.checkpoint import LAST

    if {"-m", "--multirun"} & set(arguments):
        raise UserError(f"ckpt={ckpt} goes on with one run; a sweep (-m) begins runs of its own: weights={ckpt}")
    if named(arguments, "weights") is not None:
        raise UserError(f"weights: the run ckpt={ckpt} goes on from its own: leave weights= or ckpt= away")
    file, content = opened(ckpt, prefer=LAST)
    if "optimizer_states" not in content:
        raise UserError(f"ckpt={ckpt} holds weights alone, no run to go on with: weights={ckpt} begins one from them")
    arguments, own = freed(arguments, content["denoiselab"]["config"], OPEN), own_words(content["denoiselab"])
    groups = group_overrides(arguments, own, GROUPS)
    steps = [] if named(arguments, "experiment") else [f"{k}={n}" for k, n in own.items() if k.startswith("steps.")]
    folder = [] if named(arguments, "hydra.run.dir") else [path_override("hydra.run.dir", file.parent)]
    return beside(arguments, [*groups, *steps, *folder])


def task(cfg: Any) -> float | None:
    """One run: in the end, its folder holds a run or isn't there.

    A sweep's job has a process of its own. Its figure in validation is what a search goes by.
    """
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    hydra = HydraConfig.get()
    folder = Path(hydra.runtime.output_dir)
    folder = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    if hydra.mode is RunMode.MULTIRUN:
        from denoiselab.app import job
        from denoiselab.app.sweep import begun

        if not begun:
            job.follow()
        return job.run_apart(folder)
    with no_ruins(folder):
        _run(described(cfg, hydra), folder)
    return None


def _run(said: Mapping[str, Any], folder: Path) -> None:
    """Train, measure, print the table and what a person would want next."""
    from denoiselab.training.run import train

    table = train(run_of(said, folder))
    if table is not None:
        table.print()
    print(f"written to {folder}")
    print("next:", *next_steps(said["config"], folder, measured=table is not None), sep="\n  ")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("train")
