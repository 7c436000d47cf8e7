"""The verb `evaluate`: measure a trained network beside the noisy input and classical baselines."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.app.argv import beside, named, only_shows, plain
from denoiselab.app.folder import recognised
from denoiselab.app.options import content, freed, group_overrides, leaves
from denoiselab.app.runs import absolute_places, opened, overlay, pick, place, retarget
from denoiselab.builtin import BUILTIN, for_channels, is_builtin, spoken

GROUPS = ("data", "noise", "protocol", "method")


def prepared(arguments: list[str]) -> list[str]:
    """Compose the data, noise, protocol and method of the run, where the command line names no other.

    A folder of a person's own pictures is looked at, as for training. Of the package's networks the one for the
    data's channels is measured, unless one is named.
    """
    if named(arguments, "ckpt") is None and only_shows(arguments):
        return arguments
    arguments = recognised(arguments, trains=False)
    own = [argument for argument in arguments if argument.partition("=")[0] != "ckpt"]
    if own == arguments or named(arguments, "ckpt") == BUILTIN:
        arguments = beside(own, [f"ckpt={for_channels(channels_of(arguments))}"])
    return for_run(opened(named(arguments, "ckpt"))[1]["denoiselab"], arguments)


def run_folder(checkpoint: Path) -> Path:
    """Where measurements of a checkpoint are kept: in its run, or of a network of the package below outputs/."""
    return Path("outputs", checkpoint.stem) if is_builtin(checkpoint) else checkpoint.parent


def channels_of(arguments: Sequence[str]) -> int | None:
    """The channels of the data that a command line names."""
    said = named(arguments, "data.channels")
    return int(said) if said and said.isdigit() else content("data", named(arguments, "data")).get("channels")


def for_run(recipe: Mapping[str, Any], arguments: list[str]) -> list[str]:
    """Arguments with a run's own options beside them, where they don't choose others."""
    arguments = beside(arguments, trained_noise(recipe, arguments))
    arguments = freed(arguments, {key: node for key, node in recipe["config"].items() if key in GROUPS})
    return beside(arguments, group_overrides(arguments, recipe["choices"], GROUPS))


def trained_noise(recipe: Mapping[str, Any], arguments: Sequence[str]) -> list[str]:
    """With `noise=` the run's own: that of the training, in the keys that `test_noise` says otherwise."""
    if named(arguments, "noise") is None or named(arguments, "noise") != recipe["choices"].get("noise"):
        return []
    config = recipe["config"]
    keys = [f"noise.{'.'.join(path)}" for path in leaves(config.get("test_noise", {})) if path]
    own = [key for key in keys if named(arguments, key) is None]
    return [f"{key}={json.dumps(pick(config, key.split('.')))}" for key in own]


def keys(*, ckpt: str | None, seed: int | None, baselines: bool, output: str | None, trust: bool) -> None:
    """The keys beside the groups, with their types."""


def task(cfg: Any) -> None:
    """Measure one checkpoint on one test set under one protocol."""
    import yaml
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    from denoiselab.config import check
    from denoiselab.drafts import atomic
    from denoiselab.report.measure import Measurement, measure

    composed: Any = OmegaConf.to_container(cfg, resolve=True)
    check(keys, {key: value for key, value in composed.items() if not isinstance(value, dict)}, "", {})
    hydra = HydraConfig.get()
    retarget(composed, hydra.overrides.task, hydra.runtime.choices)
    file, checkpoint = opened(composed["ckpt"])
    recipe = checkpoint["denoiselab"]
    said = news(hydra.overrides.task, recipe["choices"])
    config = tested(recipe, composed, said)
    check_classes(recipe["config"], config, trust=composed["trust"])
    done = {"ckpt": file.name, "step": int(checkpoint["global_step"]), "baselines": composed["baselines"]}
    done |= {key: config[key] for key in (*GROUPS, "seed")}
    name = folder_name(hydra.runtime.choices["data"], said, done)
    folder = Path(composed["output"] or run_folder(file) / "evaluate" / name)
    everything = place(config["data"]) != place(recipe["config"]["data"])
    table, pictures = measure(
        Measurement(checkpoint, config, folder, everything, baselines=composed["baselines"], trust=composed["trust"])
    )
    with atomic(folder / "config.yaml") as draft:
        draft.write_text(yaml.safe_dump(done, sort_keys=False, allow_unicode=True), encoding="utf-8")
    pictures.print()
    table.print()
    print(f"{spoken(file)}\nwritten to {folder}")


def tested(recipe: Mapping[str, Any], composed: Mapping[str, Any], said: Sequence[str]) -> dict[str, Any]:
    """The run's configuration with the data, noise, protocol, method and seed that the command line names.

    The noise is the one that the run was measured on.
    """
    from denoiselab.methods.assembly import measured_noise

    own = {"test_noise": {}, **recipe["config"]}
    if own["test_noise"]:
        own |= {"noise": measured_noise(own), "test_noise": {}}
    if "_target_" not in own["data"]:  # weights alone say nothing of their data but the channels
        own |= {"data": composed["data"] | own["data"]}
    groups = [override for override in said if not override.startswith("seed=")]
    config = overlay(own, composed, groups, recipe["choices"])
    absolute_places(config["data"])
    return config if composed["seed"] is None else {**config, "seed": composed["seed"]}


def check_classes(own: Mapping[str, Any], config: dict[str, Any], *, trust: bool) -> None:
    """Refuse to ask a classifier for other classes than those that it learnt."""
    from denoiselab.config import PLACES, accepted, build, resolve
    from denoiselab.domains import CLASSES
    from denoiselab.errors import UserError
    from denoiselab.methods.assembly import make_data

    if "supervision" not in own or build(own["supervision"], "supervision", trust=trust).domain is not CLASSES:
        return
    parameters = accepted(resolve(own["data"]["_target_"], "data", trust=trust))[0]
    trained = {key: "." for key in PLACES if key in parameters} | own["data"]  # weights alone don't say where
    learnt, asked = (make_data({**config, "data": data}, trust=trust).kinds for data in (trained, config["data"]))
    if learnt and asked and learnt != asked:
        raise UserError(f"data: these pictures show {asked}, the network learnt {learnt}: name pictures of those")


def news(overrides: Sequence[str], choices: Mapping[str, str]) -> list[str]:
    """What the command line says of the measurement that isn't the run's own choice anyway."""
    parts = [(override, *override.lstrip("+~").partition("=")) for override in overrides]
    return [o for o, key, _, value in parts if key.split(".")[0] in (*GROUPS, "seed") and choices.get(key) != value]


def folder_name(data: str, said: Sequence[str], done: Mapping[str, Any]) -> str:
    """The data, what the command line says beside it, and a few letters that no other measurement has."""
    import yaml

    pairs = [override.lstrip("+").partition("=") for override in said]
    named = [f"{key}={Path(plain(value)).name}" for key, _, value in pairs if key not in ("data", "protocol")]
    text = re.sub(r"[^\w.=-]+", "_", "_".join([data, str(done["protocol"].get("name", "")), *named]))
    return f"{text[:80]}_{hashlib.sha256(yaml.safe_dump(dict(done)).encode()).hexdigest()[:8]}"


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("evaluate")
