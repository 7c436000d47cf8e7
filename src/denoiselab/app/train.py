"""The verb `train`: start a run, or go on with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.app.argv import beside, command, named
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
    """With `ckpt=RUN`: compose the groups of that run, into its own folder. Else name the folder by the network."""
    if (ckpt := named(arguments, "ckpt")) is None:
        network = named(arguments, "model._target_")
        name = [path_override("hydra.job.name", network.rpartition(".")[2])] if network else []
        return beside(freed(arguments, {}, OPEN), name)
    from denoiselab.methods.checkpoint import LAST

    file, content = opened(ckpt, prefer=LAST)
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


def task(cfg: Any) -> None:
    """One job: in the end, its folder holds a run or isn't there."""
    from hydra.core.hydra_config import HydraConfig

    with no_ruins(Path(HydraConfig.get().runtime.output_dir)):
        _task(cfg)


def _task(cfg: Any) -> None:
    """Train, measure, print the table and what a person would want next."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode
    from omegaconf import OmegaConf

    from denoiselab.config import check, check_trust
    from denoiselab.methods.checkpoint import LAST
    from denoiselab.training.run import Run, train

    hydra = HydraConfig.get()
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    overrides = list(hydra.overrides.task)
    choices = {group: str(choice) for group, choice in hydra.runtime.choices.items() if "/" not in group}
    retarget(config, overrides, choices)
    scalars = {key: value for key, value in config.items() if not isinstance(value, dict)}
    check(keys, {"test_noise": config["test_noise"], **scalars}, "", {})
    check(trainer, config["trainer"], "trainer", {})
    resume, trust = None, True
    if config["ckpt"] is not None:
        resume, content = opened(config["ckpt"], prefer=LAST)
        recipe, trust, own = content["denoiselab"], config["trust"], own_words(content["denoiselab"])
        config = {**overlay(recipe["config"], config, overrides, own), "ckpt": None, "trust": False}
        if not trust:
            check_trust(config)
        overrides = recorded(resume.parent, overrides, own)
    one_length(config["trainer"], hydra.overrides.task)
    absolute_places(config["data"])
    folder = Path(hydra.runtime.output_dir)
    folder = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    sweep = hydra.mode is RunMode.MULTIRUN
    table = train(Run(config, choices, folder, resume, tuple(overrides), folder.parent.name if sweep else None, trust))
    if table is not None:
        table.print()
    print(f"written to {folder}")
    if not sweep:
        _next_steps(config, folder)


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
