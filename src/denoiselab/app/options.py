"""The options of a configuration group, as their files under conf/ say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.errors import UserError


def conf_dir() -> Path:
    """The configuration: inside the installed package, or at the top of the repository."""
    inside = Path(__file__).parents[1] / "conf"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "conf"


def option_file(group: str, option: Any) -> Path | None:
    """The file of a group's option; None, if there is no such option."""
    if not group.isidentifier() or not isinstance(option, str) or not re.fullmatch(r"[\w-]+", option):
        return None
    file = conf_dir() / group / f"{option}.yaml"
    return file if file.is_file() else None


def noise_from_file(arguments: Sequence[str]) -> list[str]:
    """With the noise that a person's own file names in place of the file: `noise=camera.yaml`, as calibrate writes it.

    Its class is one of those in `conf/noise`; class and numbers are said as on a command line, so that what a run is
    made of needs no file.
    """
    return [said for argument in arguments for said in _from_file(argument)]


def _from_file(argument: str) -> list[str]:
    group, _, value = argument.partition("=")
    if group != "noise" or not value.endswith(".yaml"):
        return [argument]
    if not (file := Path(value).expanduser()).is_file():
        raise UserError(f"{argument}: there is no such file; calibrate.py writes one")
    import yaml

    try:
        node = _read(file)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{argument}: no yaml file can be read there ({reason}); calibrate.py writes one") from error
    if not isinstance(node, dict) or (option := option_of(group, node.get("_target_"))) is None:
        raise UserError(f"{argument}: the file names no _target_ that is a noise here; calibrate.py writes such files")
    own = [f"{group}.{key}={json.dumps(number)}" for key, number in node.items() if key != "_target_"]
    return [f"{group}={option}", *own]


def option_of(group: str, target: Any) -> str | None:
    """The option of a group that names a class; None where none does."""
    names = (file.stem for file in sorted((conf_dir() / group).glob("*.yaml")))
    return next((name for name in names if target and content(group, name).get("_target_") == target), None)


def group_overrides(arguments: Sequence[str], choices: Mapping[str, str], groups: Sequence[str]) -> list[str]:
    """The run's own group options, for those that the command line doesn't choose itself.

    An option may choose in other groups too (data=pairs: the noise): there it has its way.

    Raises:
        UserError: the run's option isn't one of ours. A checkpoint may come from a stranger, and Hydra would follow
            any path to any file.
    """
    said = {key: value for key, _, value in (argument.partition("=") for argument in arguments)}
    taken = {path[0] for group, option in said.items() for path in replaced(group, option) if path}
    own = {group: choices[group] for group in groups if choices.get(group) and group not in {*said, *taken}}
    for group, option in own.items():
        if option_file(group, option) is None:
            raise UserError(f"ckpt: the run's {group}={option} is no option here: name one that is, {group}=…")
    return [f"{group}={option}" for group, option in own.items()]


def freed(arguments: Sequence[str], run: Mapping[str, Any], open_parts: Sequence[str] = ()) -> list[str]:
    """Let keys be set that the options composed here don't have: a run's own, and those of a class named beside.

    `model.width=32` is taken, for Hydra as `++model.width=32`, with `model._target_=their.module.Net`, or where the
    run's configuration has it, or where it begins with a part that is open.
    """
    keys = [argument.partition("=")[0].lstrip("+") for argument in arguments]
    parts = (*open_parts, *(key.removesuffix("_target_") for key in keys if key.endswith("._target_")))
    return [
        f"++{argument.lstrip('+')}" if _inner(key) and (key.startswith(parts) or _has(run, key)) else argument
        for argument, key in zip(arguments, keys, strict=True)
    ]


def _inner(key: str) -> bool:
    return "." in key and key[0] not in "-~" and not key.endswith("._target_") and not key.startswith("hydra.")


def _has(tree: Any, key: str) -> bool:
    for name in key.split("."):
        if not isinstance(tree, Mapping) or name not in tree:
            return False
        tree = tree[name]
    return True


def replaced(group: str, option: Any) -> list[list[str]]:
    """Where in the configuration a group's option has its say; nowhere, if there is no such option."""
    file = option_file(group, option)
    return _says(file, group) if file else []


def _says(file: Path, group: str) -> list[list[str]]:
    own = _read(file)
    entries = own.pop("defaults", [])
    names = [name for entry in entries if isinstance(entry, dict) for name in entry]
    others = [[name.removeprefix("override /").split("@")[0]] for name in names if name.startswith("override /")]
    if "@package _global_" not in file.read_text():
        return [*others, [group]]
    bases = [conf_dir() / f"{entry[1:]}.yaml" for entry in entries if isinstance(entry, str) and entry != "_self_"]
    return [*(path for base in bases for path in _says(base, group)), *others, *leaves(own)]


def leaves(tree: Any, path: tuple[str, ...] = ()) -> list[list[str]]:
    """The paths to all values of a tree; the tree itself where it holds none."""
    if not isinstance(tree, dict) or not tree:
        return [list(path)]
    return [leaf for key, value in tree.items() for leaf in leaves(value, (*path, key))]


def switched(own: Any, composed: Any, group: str, before: Any, after: str) -> Any:
    """The run's own part of a group, under another of the group's options.

    Of an option that names a class, the numbers are its own; of those of a file that both options are based on
    (data.batch_size), what the run said stays. An option that only sets switches (trainer=gpu) changes those in
    which it differs from the option before: what the run's command lines, budget and experiment said of the others
    stays.
    """
    old, new = content(group, before), content(group, after)
    if not isinstance(own, dict) or not isinstance(composed, dict) or not new:
        return composed
    if "_target_" in composed:
        common = shared(group, before).keys() & shared(group, after).keys() & own.keys()
        return composed | {key: own[key] for key in common if own[key] != old[key]}
    other = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    kept = {key: value for key, value in own.items() if key not in other}
    return kept | {key: composed[key] for key in composed if key in other}


def content(group: str, option: Any) -> dict[str, Any]:
    """An option's keys, with those of the files that it is based on; none, if there is no such option."""
    file = option_file(group, option)
    return _based(file) if file else {}


def shared(group: str, option: Any) -> dict[str, Any]:
    """The keys of the files that an option is based on."""
    file = option_file(group, option)
    return _bases(file) if file else {}


def _based(file: Path) -> dict[str, Any]:
    own = _read(file)
    own.pop("defaults", None)
    return _bases(file) | own


def _bases(file: Path) -> dict[str, Any]:
    names = [name.split("@")[0] for name in _read(file).get("defaults", []) if isinstance(name, str)]
    paths = [conf_dir() / name[1:] if name[0] == "/" else file.parent / name for name in names if name != "_self_"]
    return {key: value for path in paths for key, value in _based(path.with_suffix(".yaml")).items()}


def _read(file: Path) -> dict[str, Any]:
    import yaml

    return yaml.safe_load(file.read_text(encoding="utf-8")) or {}
