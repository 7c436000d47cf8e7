"""A run that exists already: its configuration as the base, the command line on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from denoiselab.app.argv import literal
from denoiselab.errors import UserError

Tree = dict[str, Any]


def group_overrides(arguments: Sequence[str], choices: Mapping[str, str], groups: Sequence[str]) -> list[str]:
    """The run's own group options, for those that the command line doesn't choose itself."""
    said = {argument.split("=")[0] for argument in arguments}
    return [f"{group}={choices[group]}" for group in groups if choices.get(group) and group not in said]


def overlay(
    base: Mapping[str, Any], composed: Mapping[str, Any], overrides: Sequence[str], choices: Mapping[str, str]
) -> Tree:
    """The run's configuration with what the command line names beside it.

    base: the run's resolved configuration. composed: what Hydra made of this command line.
    choices: the run's group options; repeating one of them changes nothing.
    """
    tree = deepcopy(dict(base))
    for override in overrides:
        key, _, value = override.partition("=")
        path = key.lstrip("+~").split("@")[0].split(".")
        if len(path) == 1 and (path[0] not in tree or choices.get(path[0]) == value):
            continue
        put(tree, path, pick(composed, path))
    return tree


def pick(tree: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path."""
    for name in path:
        tree = tree[name]
    return deepcopy(tree)


def put(tree: Tree, path: Sequence[str], value: Any) -> None:
    """Set the value at a path that the tree has, or whose last name is new."""
    for name in path[:-1]:
        if not isinstance(tree.get(name), dict):
            raise UserError(f"{'.'.join(path)}: the run has no such key")
        tree = tree[name]
    tree[path[-1]] = value


def path_override(key: str, value: object) -> str:
    """`key='value'` for Hydra, whatever stands in the value."""
    return f"{key}={literal(str(value))}"
