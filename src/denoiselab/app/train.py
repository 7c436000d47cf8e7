"""The verb `train`: start a run, or go on with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.app.argv import beside, command, named
from denoiselab.app.options import foreign, group_overrides
from denoiselab.app.runs import absolute_places, no_ruins, opened, overlay, path_override, recorded, retarget

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


def prepared(arguments: list[str]) -> list[str]:
    """With `ckpt=RUN`: compose the groups of that run, into its own folder."""
    arguments = foreign(arguments, GROUPS)
    if (ckpt := named(arguments, "ckpt")) is None:
        network = named(arguments, "model._target_")
        return arguments if network is None else beside(arguments, [run_folder(network)])
    from denoiselab.methods.checkpoint import LAST

    file, content = opened(ckpt, prefer=LAST)
    choices = content["denoiselab"]["choices"]
    folder = [] if named(arguments, "hydra.run.dir") else [path_override("hydra.run.dir", file.parent)]
    return beside(arguments, [*group_overrides(arguments, choices, GROUPS), *own_steps(arguments, content), *folder])


def run_folder(network: str) -> str:
    """The folder of a new run, named after a network that is no option of the group."""
    return f"hydra.run.dir=outputs/${{now:%Y-%m-%d_%H-%M-%S}}_{network.rpartition('.')[2]}"


def own_steps(arguments: Sequence[str], content: Mapping[str, Any]) -> list[str]:
    """The lengths of the run's experiment, when another budget is named beside it."""
    if named(arguments, "budget") is None:
        return []
    return [f"steps.{key}={value}" for key, value in content["denoiselab"]["config"].get("steps", {}).items()]


def keys(*, seed: int, ckpt: str | None, baselines: bool, trust: bool) -> None:
    """The keys beside the groups, with their types."""


def trainer(*, max_steps: int, max_epochs: int, val_every: int, **lightning: Any) -> None:
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
    overrides = [override for override in hydra.overrides.task if not override.startswith("steps.")]
    retarget(config, overrides)
    check(keys, {key: value for key, value in config.items() if not isinstance(value, dict)}, "", {})
    check(trainer, config["trainer"], "trainer", {})
    choices = {group: str(choice) for group, choice in hydra.runtime.choices.items() if "/" not in group}
    resume, trust, recipe = None, True, {}
    if config["ckpt"] is not None:
        resume, content = opened(config["ckpt"], prefer=LAST)
        recipe, trust = content["denoiselab"], config["trust"]
        config = {**overlay(recipe["config"], config, overrides, recipe["choices"]), "ckpt": None, "trust": False}
        if not trust:
            check_trust(config)
    one_length(config["trainer"], overrides)
    absolute_places(config["data"])
    if resume is not None:
        overrides = recorded(resume.parent, overrides, recipe["choices"])
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
    from shlex import quote

    run = f"ckpt={quote(str(folder))}" + (" trust=true" if names_foreign_code(config) else "")
    print("next:")
    print(f"  {command('denoise')} {run} input=PHOTOS output=RESTORED")
    print(f"  {command('evaluate')} {run} {'noise.sigma=25' if 'sigma' in config['noise'] else 'protocol=noise2noise'}")
    steps = config["trainer"]["max_steps"]
    print(f"  {command('train')} {run} trainer.max_steps={2 * steps if steps > 0 else 10000}     # train on")


def names_foreign_code(config: Mapping[str, Any]) -> bool:
    """Whether a run's checkpoints are loaded with trust=true only."""
    from denoiselab.config import check_trust
    from denoiselab.errors import UserError

    try:
        check_trust(config)
    except UserError:
        return True
    return False


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("train")
