"""From plain configuration to objects, with an error that names the key, the value and the remedy.

A node is a mapping with `_target_` and the keyword arguments of what it names; nested nodes are
built first. Python owns the meaning (signatures, types), yaml owns the numbers.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from denoiselab.errors import UserError

TRUSTED = ("denoiselab.", "torch.nn.", "torch.optim.")
PLAIN = (int, float, str, Sequence, Mapping, type(None))
"""What yaml can say."""
PLACES, CACHE = ("root", "input", "target", "labels"), "cache"
"""Keys of `data` that name folders: those that pictures come from, and the one that they are kept decoded in."""


def without_places(data: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration of `data` that tells nothing of its maker's folders."""
    return {key: value for key, value in data.items() if key not in (*PLACES, CACHE)}


def build(node: Mapping[str, Any], key: str, *, trust: bool, **given: Any) -> Any:
    """Make the object that a config node describes.

    key: where the node stands in the configuration, for the messages.
    trust: False for a configuration that comes from a file: then only classes of this package and
        of torch.nn and torch.optim are made, so that a stranger's checkpoint can't run code.
    given: further arguments that Python wires, not yaml.
    """
    arguments = {name: made(value, f"{key}.{name}", trust) for name, value in node.items() if name != "_target_"}
    if "_target_" not in node:
        raise UserError(f"{key} names no _target_: say which class it is, {key}._target_=package.module.Class")
    target = resolve(str(node["_target_"]), key, trust=trust)
    check(target, arguments, key, given)
    try:
        return target(**arguments, **given)
    except UserError as error:
        raise UserError(f"{key}.{error}") from error
    except ValueError as error:
        raise UserError(f"{key}: {error}") from error


def made(value: Any, key: str, trust: bool) -> Any:
    """A value of yaml with the objects that it describes made, also within a mapping of names."""
    if is_node(value):
        return build(value, key, trust=trust)
    if isinstance(value, Mapping):
        return {name: made(part, f"{key}.{name}", trust) for name, part in value.items()}
    return value


def is_node(value: Any) -> bool:
    """Whether a config value describes an object."""
    return isinstance(value, Mapping) and "_target_" in value


def resolve(path: str, key: str, *, trust: bool) -> Any:
    """The class or function at a dotted path, refused if it comes from a file and could run code."""
    refusal = UserError(
        f"{key}._target_={path} comes from a file and is not a class of denoiselab, torch.nn or torch.optim: "
        f"it could run any code; add trust=true if you know where the file comes from"
    )
    if not trust and not path.startswith(TRUSTED):
        raise refusal
    module_path, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module_path), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(f"{key}._target_={path} can't be imported ({error}): name an importable class") from error
    if not trust and not (isinstance(found, type) and (found.__module__ + ".").startswith(TRUSTED)):
        raise refusal
    return found


def check_trust(tree: Any, key: str = "") -> None:
    """Refuse a whole configuration from a file at once if any of its nodes names a stranger's code."""
    if is_node(tree):
        resolve(str(tree["_target_"]), key, trust=False)
    for name, value in tree.items() if isinstance(tree, Mapping) else ():
        check_trust(value, f"{key}.{name}".lstrip("."))


def needs_trust(tree: Any) -> bool:
    """Whether a checkpoint of this configuration is loaded with trust=true only."""
    try:
        check_trust(tree)
    except UserError:
        return True
    return False


def check(target: Any, arguments: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> None:
    """Hold arguments against a signature: unknown names, missing names, wrong types."""
    parameters, hints = accepted(target)
    dot = f"{key}." if key else ""
    if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        for name in arguments:
            if name not in parameters:
                raise UserError(f"{dot}{name}: no such key{suggest(name, set(parameters) - set(given))}")
    missing = [
        name
        for name, p in parameters.items()
        if p.default is p.empty and p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)
        and name not in arguments and name not in given
    ]  # fmt: skip
    if missing:
        raise UserError(f"{dot}{missing[0]} is missing: give it a value, {dot}{missing[0]}=…")
    for name, value in arguments.items():
        if name in hints and not fits(value, hints[name]):
            shown = "null" if value is None else str(value).lower() if isinstance(value, bool) else value
            raise UserError(f"{dot}{name}={shown}: {said(hints[name])} is needed")


def accepted(target: Any) -> tuple[dict[str, inspect.Parameter], dict[str, Any]]:
    """What a callable takes by name, with annotations.

    A class that passes `**shared` on takes its base's too, and anything where no base ends it; so does what tells
    nothing. Annotations that aren't there at run time are left out.
    """
    functions = [target]
    if isinstance(target, type):
        functions = [vars(cls)["__init__"] for cls in target.__mro__ if "__init__" in vars(cls)]
    parameters: dict[str, inspect.Parameter] = {}
    hints: dict[str, Any] = {}
    for function in functions:
        own = signature_parameters(function)
        own.pop("self", None)
        rest = {name: p for name, p in own.items() if p.kind is p.VAR_KEYWORD}
        own = {name: p for name, p in own.items() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
        parameters = {**own, **parameters}
        hints = {**type_hints(function), **hints}
        if not rest:
            break
    else:
        parameters |= rest
    return parameters, hints


def signature_parameters(function: Any) -> dict[str, inspect.Parameter]:
    """What a function takes; anything, where it doesn't tell."""
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {"rest": inspect.Parameter("rest", inspect.Parameter.VAR_KEYWORD)}


def type_hints(function: Any) -> dict[str, Any]:
    """A function's annotations; none where one names what is imported for type checkers alone."""
    try:
        return typing.get_type_hints(function)
    except (TypeError, NameError):
        return {}


def fits(value: Any, hint: Any) -> bool:
    """Whether a plain config value fits an annotation; annotations of live objects fit anything."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        options = _plain(inner) if isinstance(value, PLAIN) else inner
        return any(fits(value, option) for option in options)
    if origin is typing.Literal:
        return value in inner
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return isinstance(value, list | tuple) and all(fits(v, inner[0]) for v in value if inner)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint in (bool, str, type(None)):
        return value is None if hint is type(None) else isinstance(value, hint)
    return True


def _plain(options: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of the types of a union those that yaml can say, if there are any besides null; else all."""
    own = tuple(option for option in options if issubclass(_class(option), PLAIN))
    return own if set(own) - {type(None)} else options


def _literals(options: tuple[Any, ...]) -> list[Any]:
    return [option for option in options if typing.get_origin(option) is typing.Literal]


def _class(hint: Any) -> type:
    origin = str if typing.get_origin(hint) is typing.Literal else typing.get_origin(hint) or hint
    return origin if isinstance(origin, type) else object


def said(hint: Any) -> str:
    """An annotation in words."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return "one of " + ", ".join(map(str, inner))
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        literals = [choice for option in inner for choice in typing.get_args(option) if option in _literals(inner)]
        words = [said(option) for option in _plain(inner) if option not in _literals(inner)]
        words += ["one of " + ", ".join(dict.fromkeys(map(str, literals)))] if literals else []
        return " or ".join(dict.fromkeys(words))
    if issubclass(_class(hint), Sequence) and inner:
        return {int: "a list of numbers", float: "a list of numbers", str: "a list of texts"}.get(inner[0], "a list")
    if issubclass(_class(hint), Mapping):
        return "keys with their values"
    names = {float: "a number", int: "a whole number", bool: "true or false", str: "a text", type(None): "null"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def suggest(name: str, known: typing.Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest one, and all there are."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, 1)
    return (f"; did you mean {near[0]}?" if near else "") + f" (there is: {', '.join(known)})"
