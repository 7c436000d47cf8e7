"""A run that exists already: its configuration as the base, the command line on top."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from denoiselab.app.argv import home, literal, plain
from denoiselab.app.options import content, replaced, shared, switched
from denoiselab.app.ranks import first
from denoiselab.config import CACHE, PLACES
from denoiselab.errors import UserError

Tree = dict[str, Any]


def opened(ckpt: str | None, prefer: str | None = None, key: str = "ckpt") -> tuple[Path, Tree]:
    """The checkpoint file that a person names by a key, and its plain content."""
    from denoiselab.methods.checkpoint import BEST, find_checkpoint, read_checkpoint

    file = find_checkpoint(ckpt, prefer or BEST, key)
    return file, read_checkpoint(file)


def overlay(
    base: Mapping[str, Any], composed: Mapping[str, Any], overrides: Sequence[str], own: Mapping[str, str]
) -> Tree:
    """The run's configuration with what the command line names beside it.

    base: the run's resolved configuration. composed: what Hydra made of this command line.
    own: what the run said itself (`own_words`); repeating it changes nothing.

    What the run's configuration didn't know yet (a key younger than the run) is as composed. An option takes with it
    what the one before it said elsewhere (budget). The channels stay the network's unless they are named.
    """
    tree = filled(base, composed)
    for override in overrides:
        key, _, value = override.partition("=")
        name = key.lstrip("+~").split("@")[0]
        if own.get(name) == value or (name.endswith("._target_") and pick(base, name.split(".")) == plain(value)):
            continue
        paths = replaced(name, value)
        for path in paths + (said_before(tree, name, own.get(name)) if paths else []):
            new = pick(composed, path)
            put(tree, path, switched(tree.get(name), new, name, own.get(name), value) if path == [name] else new)
        if not paths:
            path = name.removesuffix("._target_").split(".")  # another class has keys of its own
            put(tree, path, pick(composed, path))
    if "channels" in base.get("data", {}) and "data.channels" not in keys_of(overrides):
        tree["data"]["channels"] = base["data"]["channels"]
    return tree


def filled(own: Mapping[str, Any], composed: Mapping[str, Any]) -> Tree:
    """A copy of a configuration, with the composed keys that it lacks; within the same class only."""
    tree = deepcopy(dict(own))
    for key, value in composed.items():
        mine = tree.setdefault(key, deepcopy(value))
        if isinstance(mine, dict) and isinstance(value, Mapping) and mine.get("_target_") == value.get("_target_"):
            tree[key] = filled(mine, value)
    return tree


def said_before(tree: Mapping[str, Any], group: str, option: str | None) -> list[list[str]]:
    """Where what an option said outside of its group (budget=smoke) still stands."""
    text = content(group, option)
    return [path for path in replaced(group, option) if path[0] in text and pick(tree, path) == pick(text, path)]


def own_words(recipe: Mapping[str, Any]) -> dict[str, str]:
    """What a run says itself, as on a command line: its groups' options, and how long each budget trains."""
    steps = recipe["config"].get("steps", {})
    return {**recipe["choices"], **{f"steps.{budget}": str(number) for budget, number in steps.items()}}


def keys_of(overrides: Iterable[str]) -> set[str]:
    """The keys that a command line names."""
    return {override.partition("=")[0].lstrip("+") for override in overrides}


def retarget(tree: Tree, overrides: Sequence[str], choices: Mapping[str, str]) -> None:
    """Where `group._target_=…` names another class, its numbers are those said beside it.

    Of the option's numbers those of the files that it is based on (data.batch_size) stay, if the class takes them.
    Done in place, for the configuration of a command line.
    """
    from denoiselab.config import accepted, resolve

    said = keys_of(overrides)
    for group in (key.removesuffix("._target_") for key in said if key.endswith("._target_")):
        node = pick(tree, group.split("."))
        common = shared(group, choices.get(group))
        try:
            parameters, _ = accepted(resolve(node["_target_"], group, trust=True)) if common else ({}, {})
        except (TypeError, ValueError):  # the builder says what is wrong with it
            continue
        stays = {"_target_", *(common.keys() & parameters.keys())}
        said_here = {key.removeprefix(f"{group}.").partition(".")[0] for key in said if key.startswith(f"{group}.")}
        put(tree, group.split("."), {key: node[key] for key in node if key in stays | said_here})


def relieve(tree: Tree, overrides: Sequence[str], choices: Mapping[str, str]) -> None:
    """Of what an experiment says of a group, leave out what another option, of the command line, doesn't take.

    `experiment=stacked_dae noise=gaussian` has no `noise.p`, which is for the experiment's own noise. Done in place.
    """
    said, experiment = keys_of(overrides), content("experiment", choices.get("experiment"))
    chosen = [override.partition("=") for override in overrides if not override.startswith("experiment=")]
    for group in {path[0] for key, _, option in chosen for path in replaced(key, option) if len(path) == 1}:
        words = experiment.get(group)
        for key in set(words if isinstance(words, dict) else ()) - taken(tree[group], group, choices.get(group)):
            if f"{group}.{key}" not in said:
                tree[group].pop(key, None)


def taken(node: Mapping[str, Any], group: str, option: str | None) -> set[str]:
    """The keys of a group's option, and what its class takes beside them."""
    from denoiselab.config import accepted, resolve

    try:
        parameters = accepted(resolve(node["_target_"], group, trust=True))[0] if "_target_" in node else {}
    except (TypeError, ValueError):  # the builder says what is wrong with it
        parameters = {}
    return {*content(group, option), *parameters}


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
    for key in (*PLACES, CACHE):
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
        if new and not shown and first() and folder.resolve() != Path.cwd():
            shutil.rmtree(folder, ignore_errors=True)
        raise


def recorded(folder: Path, overrides: Sequence[str], own: Mapping[str, str]) -> list[str]:
    """What the run's command lines named, the last one's on top; what the run said itself isn't news."""
    import yaml

    file = folder / "overrides.yaml"
    axes = dict(yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}
    for key, _, value in (override.partition("=") for override in overrides):
        if key not in ("ckpt", "trust") and own.get(key) != value:
            axes[key.lstrip("+")] = value
    return [f"{key}={value}" for key, value in axes.items()]
