"""A run that exists already: its configuration as the base, the command line on top."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from denoiselab.app.argv import home, literal
from denoiselab.app.options import replaced, switched
from denoiselab.errors import UserError

Tree = dict[str, Any]
PLACES = ("root", "input", "target")
"""Keys of `data` that name folders."""


def opened(ckpt: str | None, prefer: str | None = None) -> tuple[Path, Tree]:
    """The checkpoint file that a person names, and its plain content."""
    from denoiselab.methods.checkpoint import BEST, find_checkpoint, read_checkpoint

    file = find_checkpoint(ckpt, prefer or BEST)
    return file, read_checkpoint(file)


def overlay(
    base: Mapping[str, Any], composed: Mapping[str, Any], overrides: Sequence[str], choices: Mapping[str, str]
) -> Tree:
    """The run's configuration with what the command line names beside it.

    base: the run's resolved configuration. composed: what Hydra made of this command line.
    choices: the run's group options; repeating one of them changes nothing.

    What the run's configuration didn't know yet is as composed.
    """
    tree = deepcopy({**composed, **base})
    for override in overrides:
        key, _, value = override.partition("=")
        name = key.lstrip("+~").split("@")[0]
        if choices.get(name) == value:
            continue
        for path in replaced(name, value) or [name.split(".")]:
            new = pick(composed, path)
            put(tree, path, switched(tree.get(name), new, name, choices.get(name), value) if path == [name] else new)
    return tree


def retarget(tree: Tree, overrides: Sequence[str]) -> None:
    """Where `group._target_=…` names another class, keep of the option's numbers those that it takes or that are said.

    Done in place, for the configuration of a command line.
    """
    from denoiselab.config import accepted, resolve

    said = {override.partition("=")[0].lstrip("+") for override in overrides}
    for group in (key.removesuffix("._target_") for key in said if key.endswith("._target_")):
        node = pick(tree, group.split("."))
        try:
            parameters, _ = accepted(resolve(node["_target_"], group, trust=True))
        except (TypeError, ValueError):  # the builder says what is wrong with it
            continue
        if all(p.kind is not p.VAR_KEYWORD for p in parameters.values()):
            kept = {
                key: value
                for key, value in node.items()
                if key in {"_target_", *parameters} or f"{group}.{key}" in said
            }
            put(tree, group.split("."), kept)


def pick(tree: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path; None where it was taken out (~key)."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, Mapping) else None  # type: ignore[assignment]
    return deepcopy(tree)


def put(tree: Tree, path: Sequence[str], value: Any) -> None:
    """Set the value at a path that the tree has, or whose last name is new."""
    for name in path[:-1]:
        if not isinstance(tree.get(name), dict):
            raise UserError(f"{'.'.join(path)}: the run has no such key")
        tree = tree[name]
    tree[path[-1]] = value


def absolute_places(data: Tree) -> None:
    """Make the folders that `data` names absolute, so that the configuration means the same from any folder."""
    for key in PLACES:
        if isinstance(data.get(key), str):
            data[key] = str(home(data[key]).absolute())


def place(data: Mapping[str, Any]) -> list[Any]:
    """What tells one collection of pictures from another: its class and its folders."""
    folders = [data.get(key) for key in PLACES]
    return [
        data.get("_target_"),
        data.get("within"),
        *(home(f).resolve() if isinstance(f, str) else f for f in folders),
    ]


def path_override(key: str, value: object) -> str:
    """`key='value'` for Hydra, whatever stands in the value."""
    return f"{key}={literal(str(value))}"


@contextmanager
def no_ruins(folder: Path) -> Iterator[None]:
    """Take a new run's folder away again if the run fails before it has anything to show."""
    new = not any(folder.iterdir())
    try:
        yield
    except BaseException:
        metrics = folder / "metrics.csv"
        shown = any(folder.glob("*.ckpt")) or (metrics.is_file() and metrics.read_text().count("\n") > 1)
        if new and not shown and os.environ.get("LOCAL_RANK", "0") == "0" and folder.resolve() != Path.cwd():
            shutil.rmtree(folder, ignore_errors=True)
        raise


def recorded(folder: Path, overrides: Sequence[str], choices: Mapping[str, str]) -> list[str]:
    """What the run's command lines named, the last one's on top; its own group options aren't news."""
    import yaml

    file = folder / "overrides.yaml"
    axes = dict(yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}
    for key, _, value in (override.partition("=") for override in overrides):
        if key not in ("ckpt", "trust") and choices.get(key) != value:
            axes[key.lstrip("+")] = value
    return [f"{key}={value}" for key, value in axes.items()]
