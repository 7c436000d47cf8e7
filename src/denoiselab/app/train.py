"""The verb `train`: start a run, or go on with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denoiselab.app.argv import beside, command, named
from denoiselab.app.folder import recognised
from denoiselab.app.options import freed, group_overrides
from denoiselab.app.runs import (
    absolute_places,
    no_ruins,
    opened,
    overlay,
    own_words,
    path_override,
    recorded,
    retarget,
)
from denoiselab.errors import UserError

if TYPE_CHECKING:
    from denoiselab.training.run import Run

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
        network = named(arguments, "model._target_")
        name = [path_override("hydra.job.name", network.rpartition(".")[2])] if network else []
        return beside(freed(recognised(arguments, trains=True), {}, OPEN), name)
    from denoiselab.methods.checkpoint import LAST

    file, content = opened(ckpt, prefer=LAST)
    if "optimizer_states" not in content:
        raise UserError(f"ckpt={file} holds weights alone, nothing to train on from: evaluate and denoise take it")
    arguments, own = freed(arguments, content["denoiselab"]["config"], OPEN), own_words(content["denoiselab"])
    groups = group_overrides(arguments, own, GROUPS)
    steps = [] if named(arguments, "experiment") else [f"{k}={n}" for k, n in own.items() if k.startswith("steps.")]
    folder = [] if named(arguments, "hydra.run.dir") else [path_override("hydra.run.dir", file.parent)]
    return beside(arguments, [*groups, *steps, *folder])


def keys(
    *, seed: int, ckpt: str | None, baselines: bool, trust: bool, sizes: str, test_noise: Mapping[str, Any]
) -> None:
    """The keys beside the groups, with their types."""


def trainer(
    *,
    max_steps: int,
    max_epochs: int,
    val_every: int,
    limit_val_batches: int | None,
    limit_test_batches: int | None,
    **lightning: Any,
) -> None:
    """What of `trainer` is read before Lightning sees it."""


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

        return job.run_apart(folder)
    with no_ruins(folder):
        _run(described(cfg, hydra), folder)
    return None


def described(cfg: Any, hydra: Any) -> dict[str, Any]:
    """What a composed command line comes to: `training.run.Run`, as plain data and without a folder."""
    from omegaconf import OmegaConf

    from denoiselab.config import check, check_trust

    config: Any = OmegaConf.to_container(cfg, resolve=True)
    overrides = list(hydra.overrides.task)
    choices = {group: str(choice) for group, choice in hydra.runtime.choices.items() if "/" not in group}
    retarget(config, overrides, choices)
    scalars = {key: value for key, value in config.items() if not isinstance(value, dict)}
    check(keys, {"test_noise": config["test_noise"], **scalars}, "", {})
    check(trainer, config["trainer"], "trainer", {})
    resume, trust = None, True
    if config["ckpt"] is not None:
        from denoiselab.methods.checkpoint import LAST

        resume, content = opened(config["ckpt"], prefer=LAST)
        recipe, trust, own = content["denoiselab"], config["trust"], own_words(content["denoiselab"])
        config = {**overlay(recipe["config"], config, overrides, own), "ckpt": None, "trust": False}
        if not trust:
            check_trust(config)
        overrides = recorded(resume.parent, overrides, own)
    one_length(config["trainer"], hydra.overrides.task)
    absolute_places(config["data"])
    said = {"config": config, "choices": choices, "overrides": overrides, "trust": trust}
    return {**said, "resume": resume and str(resume.absolute())}


def _run(said: Mapping[str, Any], folder: Path) -> None:
    """Train, measure, print the table and what a person would want next."""
    from denoiselab.training.run import train

    table = train(run_of(said, folder))
    if table is not None:
        table.print()
    print(f"written to {folder}")
    _next_steps(said["config"], folder)


def run_of(said: Mapping[str, Any], folder: Path, group: str | None = None) -> Run:
    """The run that is described, in a folder; group: the sweep that it belongs to."""
    from denoiselab.training.run import Run

    resume = said["resume"] and Path(said["resume"])
    return Run(said["config"], said["choices"], folder, resume, tuple(said["overrides"]), group, said["trust"])


def one_length(options: dict[str, Any], overrides: Sequence[str]) -> None:
    """Of steps and epochs the one that this command line names is the run's length, if it names one of them."""
    lengths = {"max_steps", "max_epochs"}
    said = {name for name in lengths if any(o.partition("=")[0].lstrip("+") == f"trainer.{name}" for o in overrides)}
    if len(said) == 1:
        options.update(dict.fromkeys(lengths - said, -1))


def _next_steps(config: Mapping[str, Any], folder: Path) -> None:
    from denoiselab.training.run import run_arguments

    run, steps = run_arguments(folder, config), config["trainer"]["max_steps"]
    print("next:")
    print(f"  {command('denoise')} {run} input=PHOTOS output=RESTORED")
    print(f"  {command('evaluate')} {run} {'noise.sigma=25' if 'sigma' in config['noise'] else 'protocol=noise2noise'}")
    print(f"  {command('train')} {run} trainer.max_steps={2 * steps if steps > 0 else 10000}     # train on")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("train")
