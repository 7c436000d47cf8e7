"""What a composed command line of `train` comes to: plain data, which a sweep freezes, and of that a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denoiselab.app.runs import absolute_places, opened, overlay, own_words, recorded, relieve, retarget
from denoiselab.builtin import spoken

if TYPE_CHECKING:
    from denoiselab.training.run import Run


def keys(
    *,
    seed: int,
    ckpt: str | None,
    weights: str | None,
    baselines: bool,
    trust: bool,
    sizes: str,
    test_noise: Mapping[str, Any],
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


def described(cfg: Any, hydra: Any) -> dict[str, Any]:
    """What a composed command line comes to: `training.run.Run`, as plain data and without a folder."""
    from omegaconf import OmegaConf

    from denoiselab.config import check, check_trust

    config: Any = OmegaConf.to_container(cfg, resolve=True)
    overrides = list(hydra.overrides.task)
    choices = {group: str(choice) for group, choice in hydra.runtime.choices.items() if "/" not in group}
    retarget(config, overrides, choices)
    relieve(config, overrides, choices)
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
    elif config["weights"] is not None:
        config["weights"] = spoken(opened(config["weights"], key="weights")[0].absolute())
    one_length(config["trainer"], hydra.overrides.task)
    absolute_places(config["data"])
    said = {"config": config, "choices": choices, "overrides": overrides, "trust": trust}
    return {**said, "resume": resume and str(resume.absolute())}


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
