"""Arguments as people type them: file names that Hydra's override grammar would stumble over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PATHS = ("ckpt", "input", "output", "data.root", "data.input", "data.target", "hydra.run.dir", "hydra.sweep.dir")


def quoted(arguments: Iterable[str]) -> list[str]:
    """Quote the values of keys that name files, so that spaces, commas, `=`, `(` and umlauts work.

    A value that is quoted already stays. Under `-m` a list of values stays a list, unless a file of
    this very name exists.
    """
    arguments = list(arguments)
    sweep = bool({"-m", "--multirun"} & set(arguments))
    return [_quoted(argument, sweep) for argument in arguments]


def _quoted(argument: str, sweep: bool) -> str:
    key, equals, value = argument.partition("=")
    if not equals or key.lstrip("+") not in PATHS or value in ("", "null") or value[0] in "'\"" or "${" in value:
        return argument
    if sweep and "," in value and not Path(value).expanduser().exists():
        return argument
    return f"{key}={literal(value)}"


def literal(value: str) -> str:
    """A text in Hydra's single quotes; backslashes count only before a quote."""
    head = value.rstrip("\\")
    tail = value[len(head) :]
    return "'" + head.replace("\\'", "\\\\\\'").replace("'", "\\'") + tail * 2 + "'"


def named(arguments: Iterable[str], key: str) -> str | None:
    """The value that is given for a key, unquoted; None where it isn't given."""
    for argument in reversed(list(arguments)):
        name, equals, value = argument.partition("=")
        if equals and name == key and value not in ("", "null"):
            if value[0] == value[-1] and value[0] in "'\"":
                return value[1:-1].replace("\\" + value[0], value[0])
            return value
    return None
