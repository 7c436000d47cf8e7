"""Arguments as people type them: file names that Hydra's override grammar would stumble over."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote

FOLDERS = ("hydra.run.dir", "hydra.sweep.dir")
SOURCES = ("data.root", "data.input", "data.target", "data.labels")
PATHS = ("ckpt", "weights", "sweep", "input", "target", "output", *SOURCES, *FOLDERS)
SHOW = {"--help", "-h", "--hydra-help", "--version", "--cfg", "-c", "--info", "-i", "--shell-completion", "-sc"}
QUOTED = re.compile(r"""'([^'\\]|\\.)*'|"([^"\\]|\\.)*\"""", re.DOTALL)


def quoted(arguments: Iterable[str]) -> list[str]:
    """Quote the values of keys that name files, so that spaces, commas, `=`, `(` and umlauts work.

    A value that is quoted already stays: the processes of a DDP run pass through here again. Under
    `-m` a list of values stays a list, unless a file of this very name exists; Hydra wants it first.
    """
    arguments = list(arguments)
    sweep = bool({"-m", "--multirun"} & set(arguments))
    options = [argument for argument in arguments if argument not in ("-m", "--multirun")]
    return ["-m"] * sweep + [_quoted(argument, sweep) for argument in options]


def _quoted(argument: str, sweep: bool) -> str:
    key, equals, value = argument.partition("=")
    if not equals or key.lstrip("+") not in PATHS or value in ("", "null"):
        return argument
    if not _exists(value):
        if QUOTED.fullmatch(value) or re.search(r"\$\{\w+[:.}]", value):
            return argument
        if sweep and "," in value:
            listed = ",".join(part if part == "null" else _path(part) for part in value.split(","))
            return argument if value[0] in "'\"[" else f"{key}={listed}"
    return f"{key}={_path(value)}"


def _exists(value: str) -> bool:
    try:
        return Path(value).exists()
    except (OSError, ValueError):
        return False


def _path(value: str) -> str:
    """A file name as Hydra reads it back; `~` is home here alone, unless a file is called so."""
    if value.startswith("~"):
        value = str(Path(value).absolute() if _exists(value) else home(value))
    return literal(value.replace("${", "\\${") if _exists(value) else value)


def home(value: str) -> Path:
    """A file name with `~` as the home folder, if somebody lives there."""
    try:
        return Path(value).expanduser()
    except RuntimeError:  # ~name of nobody
        return Path(value).absolute()


def literal(value: str) -> str:
    """A text in Hydra's single quotes; backslashes count only before a quote."""
    return "'" + re.sub(r"(\\*)('|\Z)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), value) + "'"


def plain(value: str) -> str:
    """What Hydra reads from a value: a quoted one without its quotes."""
    if not QUOTED.fullmatch(value):
        return value
    mark = value[0]
    text = re.sub(rf"(\\+)({mark}|\Z)", lambda found: found[1][: len(found[1]) // 2] + found[2], value[1:-1])
    return text.replace("\\${", "${")


def named(arguments: Iterable[str], key: str) -> str | None:
    """The value that is given for a key, as Hydra will read it; None where it isn't given."""
    for argument in reversed(list(arguments)):
        name, equals, value = argument.partition("=")
        if equals and name.lstrip("+") == key:
            return None if value in ("", "null") else plain(value)
    return None


def only_shows(arguments: Iterable[str]) -> bool:
    """Whether the command line asks to be shown something, so that nothing needs to be there yet."""
    return bool(SHOW & {argument.partition("=")[0] for argument in arguments})


def command(verb: str) -> str:
    """How a verb is started here: by the installed command, or by its script beside the one that runs."""
    script = Path(sys.argv[0])
    if script.parent == Path(__file__).parent:
        return f"denoiselab {verb}"
    return f"python {quote(str(script.with_name(f'{verb}.py')) if script.suffix == '.py' else f'{verb}.py')}"


def beside(arguments: Sequence[str], extra: Sequence[str]) -> list[str]:
    """Further overrides next to the first that a person typed: argparse takes them in one stretch only."""
    places = (i for i, argument in enumerate(arguments) if "=" in argument and not argument.startswith("-"))
    first = next(places, len(arguments))
    return [*arguments[:first], *extra, *arguments[first:]]
