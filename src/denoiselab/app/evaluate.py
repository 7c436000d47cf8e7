"""The verb `evaluate`: measure a trained network beside the noisy input and classical baselines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from denoiselab.app.argv import named, only_shows
from denoiselab.app.runs import group_overrides, opened, overlay

GROUPS = ("data", "noise")


def prepared(arguments: list[str]) -> list[str]:
    """Compose the data and the noise of the run, where the command line names no other."""
    if named(arguments, "ckpt") is None and only_shows(arguments):
        return arguments
    choices = opened(named(arguments, "ckpt"))[1]["denoiselab"]["choices"]
    return [*group_overrides(arguments, choices, GROUPS), *arguments]


def keys(*, ckpt: str | None, seed: int, baselines: bool, output: str | None, trust: bool) -> None:
    """The keys beside the groups, with their types."""


def task(cfg: Any) -> None:
    """Measure one checkpoint on one test set under one protocol."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    from denoiselab.config import check
    from denoiselab.report.measure import Measurement, measure

    composed: Any = OmegaConf.to_container(cfg, resolve=True)
    check(keys, {key: value for key, value in composed.items() if not isinstance(value, dict)}, "", {})
    hydra = HydraConfig.get()
    file, content = opened(composed["ckpt"])
    recipe = content["denoiselab"]
    said = [override for override in hydra.overrides.task if override.split("=")[0].split(".")[0] in GROUPS]
    own_channels = any(override.startswith("data.channels=") for override in said)
    config = overlay(recipe["config"], composed, said, recipe["choices"])
    if not own_channels:
        config["data"]["channels"] = recipe["config"]["data"]["channels"]
    other = hydra.runtime.choices["data"] != recipe["choices"]["data"] or any(s.startswith("data.root=") for s in said)
    config |= {"protocol": composed["protocol"], "seed": composed["seed"]}
    name = "_".join(
        [hydra.runtime.choices["data"], config["protocol"]["name"], *(s for s in said if s.startswith("noise"))]
    )
    folder = Path(composed["output"] or file.parent / "evaluate" / re.sub(r"[^\w.=\-]+", "_", name))
    table, pictures = measure(
        Measurement(content, config, folder, everything=other, baselines=composed["baselines"], trust=composed["trust"])
    )
    pictures.print()
    table.print()
    print(f"{file}\nwritten to {folder}")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("evaluate")
