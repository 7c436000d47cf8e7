"""The options of a configuration group, as their files under conf/ say."""

from __future__ import annotations

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


def foreign(arguments: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The keys of a class that is named by `group._target_=…` are new to Hydra: `group.key=…` adds them."""
    named = tuple(f"{group}." for group in groups if any(a.startswith(f"{group}._target_=") for a in arguments))
    return [f"++{a}" if named and a.startswith(named) and "._target_=" not in a else a for a in arguments]


def replaced(group: str, option: str) -> list[list[str]]:
    """Where in the configuration a group's option has its say; nowhere, if there is no such option."""
    import yaml

    if (file := option_file(group, option)) is None:
        return []
    text = file.read_text()
    own = yaml.safe_load(text) or {}
    names = [name for entry in own.pop("defaults", []) if isinstance(entry, dict) for name in entry]
    others = [[name.removeprefix("override /").split("@")[0]] for name in names if name.startswith("override /")]
    return others + (_leaves(own) if "@package _global_" in text else [[group]])


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> list[list[str]]:
    if not isinstance(tree, dict) or not tree:
        return [list(path)]
    return [leaf for key, value in tree.items() for leaf in _leaves(value, (*path, key))]


def switched(own: Any, composed: Any, group: str, before: Any, after: str) -> Any:
    """The run's own part of a group, under another of the group's options.

    An option that names a class replaces all. One that only sets switches (trainer=gpu) changes those in which it
    differs from the option before: what the run's command lines, budget and experiment said of the others stays.
    """
    old, new = content(group, before), content(group, after)
    if not isinstance(own, dict) or not isinstance(composed, dict) or not new or "_target_" in composed:
        return composed
    other = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    kept = {key: value for key, value in own.items() if key not in other}
    return kept | {key: composed[key] for key in composed if key in other}


def content(group: str, option: Any) -> dict[str, Any]:
    """An option's keys, with those of the files that it is based on; none, if there is no such option."""
    file = option_file(group, option)
    return _based(file) if file else {}


def _based(file: Path) -> dict[str, Any]:
    import yaml

    own = yaml.safe_load(file.read_text()) or {}
    names = [name.split("@")[0] for name in own.pop("defaults", []) if isinstance(name, str) and name != "_self_"]
    bases = [
        _based((conf_dir() / name[1:] if name[0] == "/" else file.parent / name).with_suffix(".yaml")) for name in names
    ]
    return {key: value for part in [*bases, own] for key, value in part.items()}
