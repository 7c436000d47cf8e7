"""Every option of every group is what its constructor takes; every recipe and command composes."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf import OmegaConf
from torch import nn

from denoiselab.app.argv import named, quoted
from denoiselab.app.cli import VERBS
from denoiselab.config import accepted, check, resolve
from denoiselab.methods.assembly import check_parts, make_data, make_method, make_phases

ROOT = Path(__file__).parents[1]
CONF = ROOT / "conf"
GROUPS = sorted(folder.name for folder in CONF.iterdir() if folder.is_dir())
WIRED = {
    "data": {"seed", "degradation", "test_degradation", "supervision"},
    "model": {"in_channels", "out_channels"},
    "optimizer": {"params"},
    "method": {"network", "objective", "phases", "seed", "degradation"},
}
"""What Python adds to a group's yaml."""
OPTIONS = [(group, file.stem) for group in GROUPS for file in sorted((CONF / group).glob("*.yaml"))]
RECIPES = [file.stem for file in sorted((CONF / "experiment").glob("*.yaml"))]
README = ROOT / "README.md"
SAID = README.read_text() if README.exists() else ""
HEADS = "\n".join(file.read_text() for file in sorted((CONF / "experiment").glob("*.yaml")))
COMMANDS = sorted(
    {
        *re.findall(r"^\s*(?:python |denoiselab )(.*)$", SAID, re.MULTILINE),
        *re.findall(r"^#\s+python (train\.py .*)$", HEADS, re.MULTILINE),
    }
)


@pytest.fixture(scope="module", autouse=True)
def _hydra() -> Iterator[None]:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield


def composed(verb: str, *overrides: str) -> dict[str, Any]:
    config: Any = OmegaConf.to_container(compose(verb, overrides=list(overrides)), resolve=True)
    return config


def names(node: dict[str, Any], group: str) -> tuple[set[str], set[str]]:
    """The keys of a node, and what its constructor takes of yaml."""
    parameters, _ = accepted(resolve(node["_target_"], group, trust=False))
    kinds = {name for name, p in parameters.items() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
    return set(node) - {"_target_"}, kinds - WIRED.get(group, set())


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids=map("=".join, OPTIONS))
def test_option(group: str, option: str) -> None:
    node = composed("train", f"{group}={option}").get(group)
    if not isinstance(node, dict) or "_target_" not in node:
        return  # budget, experiment, logger, trainer: scalars, which their readers check; callbacks: see below
    keys, taken = names(node, group)
    own = node["_target_"].startswith("denoiselab.")
    assert keys == taken if own else keys <= taken, f"{node['_target_']} takes {sorted(taken)}"
    target, wired = resolve(node["_target_"], group, trust=False), dict.fromkeys(WIRED.get(group, ()))
    check(target, {key: node[key] for key in keys}, group, wired)


PHASED = [
    option
    for group, option in OPTIONS
    if group == "optimizer" and "phases" in yaml.safe_load((CONF / group / f"{option}.yaml").read_text())
]


@pytest.mark.parametrize("option", PHASED)
def test_phases(option: str) -> None:
    phases = make_phases(composed("train", f"optimizer={option}"), trust=False)
    assert any(phase.exact for phase in phases) == ("lbfgs" in option)
    assert all(phase.optimizer([nn.Parameter(torch.zeros(2))]).param_groups for phase in phases)


@pytest.mark.parametrize("option", [option for group, option in OPTIONS if group == "callbacks"])
def test_callbacks(option: str) -> None:
    for name, node in composed("train", f"callbacks={option}")["callbacks"].items():
        keys, taken = names(node, f"callbacks.{name}")
        assert keys == taken


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipe_has_its_way_and_the_command_line_the_last_word(recipe: str) -> None:
    text = (CONF / "experiment" / f"{recipe}.yaml").read_text()
    assert text.startswith("# @package _global_\n#")
    assert re.search(rf"python train\.py (-m )?experiment={recipe}\b", text)
    assert composed("train", f"experiment={recipe}", "trainer.max_steps=7")["trainer"]["max_steps"] == 7


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("budget", ["smoke", "cpu", "full"])
def test_recipe_fits_together(recipe: str, budget: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DENOISELAB_DATA", str(tmp_path))
    config = composed("train", f"experiment={recipe}", f"budget={budget}")
    data, method = make_data(config, trust=False), make_method(config, trust=False)
    check_parts(data, method)
    assert config["trainer"]["max_steps"] > 0


def test_train_knows_every_group() -> None:
    defaults = yaml.safe_load((CONF / "train.yaml").read_text())["defaults"]
    assert {name for entry in defaults if isinstance(entry, dict) for name in entry if "/" not in name} == set(GROUPS)


def test_every_yaml_says_what_it_is() -> None:
    for group, option in OPTIONS:
        assert (CONF / group / f"{option}.yaml").read_text().startswith("# "), f"{group}/{option}"


def test_values_of_the_wandb_sweep() -> None:
    sweep = yaml.safe_load((CONF.parent / "experiments" / "sweep" / "wandb.yaml").read_text())
    said = [word for word in sweep["command"] if "=" in word]
    for key, parameter in sweep["parameters"].items():
        for value in parameter.get("values", [parameter.get("min"), parameter.get("max")]):
            composed(sweep["program"].removesuffix(".py"), *said, f"{key}={value}")


@pytest.mark.parametrize("command", COMMANDS)
def test_command_in_readme_or_recipe(command: str) -> None:
    command = command.replace("noise=camera.yaml", "noise=calibrated")  # what calibrate.py writes
    verb, *arguments = shlex.split(command, comments=True)
    verb = verb.removesuffix(".py")
    if verb not in VERBS or any(argument.startswith("--") for argument in arguments):
        return
    arguments = [a for a in quoted(arguments) if a != "-m"]
    if verb == "train" and named(arguments, "ckpt"):
        return  # composes from a run
    if verb in ("train", "report"):
        arguments = import_module(f"denoiselab.app.{verb}").prepared(arguments)
    single = [re.sub(r"^([\w.]+=[^\[',]+),.*", r"\1", argument) for argument in arguments]
    try:
        composed(verb, *single)
    except HydraException as error:
        pytest.fail(f"{command}: {error}")
