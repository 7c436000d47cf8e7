"""An error of Hydra, OmegaConf or the system as one line that names the thing and the remedy."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Iterator
from typing import Any

from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigAttributeError, ConfigKeyError, OmegaConfBaseException

from denoiselab.app.options import conf_dir, content
from denoiselab.config import suggest
from denoiselab.errors import UserError, memory_is_full

OPTION = "Config group override must be"
"""How Hydra's plain ValueError for `group=null` begins."""


OTHERS = ("MisconfigurationException", "TerminatedWorkerError", "UncompletedJobError")
"""Errors of Lightning, joblib and submitit by name; the last two say that a sweep's worker was killed."""


def mendable(error: BaseException) -> bool:
    """Whether an error is a person's to mend; any other is a bug, whose traceback is wanted."""
    if isinstance(error, KeyboardInterrupt) and isinstance(error.__cause__, Exception):
        return mendable(error.__cause__)
    known = (UserError, HydraException, OmegaConfBaseException, OSError, KeyboardInterrupt)
    if isinstance(error, known) or type(error).__name__ in OTHERS:
        return True
    return memory_is_full(error) or str(error).startswith(OPTION)


def one_line(error: BaseException) -> str:
    """The line that a person sees."""
    cause: Any = error.__cause__
    if isinstance(error, KeyboardInterrupt):
        return one_line(cause) if isinstance(cause, Exception) else "stopped"
    if memory_is_full(error):
        return "the memory is full: take a smaller data.batch_size, data.crop_size or (denoise) tile"
    if "No supported gpu backend" in str(error):
        return "trainer.accelerator=gpu: there is no GPU here; take trainer.accelerator=cpu, or auto"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        place = error.filename or "while writing"
        return f"the disk is full ({place}): free some space, then do the same again; a run goes on with ckpt=RUN"
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename} may not be read or written here: name another folder, or give yourself leave"
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, option = error.missing_cfg_file.rpartition("/")
        if "//" in error.missing_cfg_file:  # an absolute path
            return f"{error.missing_cfg_file.replace('//', '=/')}: a file of the group's own values ends in .yaml"
        return f"{group}={option}: no such option{suggest(option, error.options or _options(group))}"
    if isinstance(error, OverrideParseException):
        return _unread(error)
    if found := re.search(r"Could not override '(\w+)'\. No match in the defaults", str(error)):
        return _settled(found[1])
    if isinstance(cause, ConfigAttributeError | ConfigKeyError) and "Could not override" in str(error):
        return _unknown(str(cause.full_key), cause.parent_node)
    if found := re.search(r"(?:Ambiguous value for argument|Sweep parameters) '(.+?)'", str(error)):
        key = found[1].lstrip("+")
        return f"{key} lists several values: add -m to train them all, report.py measures them all; [a,b] is a list"
    if found := re.search(r"already at '(.+?)'", str(error)):
        return f"{found[1]} is there already: leave the + away"
    if found := re.search(r"Interpolation key '((\w+)\..+?)' not found\s+full_key: (\S+)", str(error)):
        return (
            f"{found[3]} follows {found[1]}, which this {found[2]} doesn't have: keep the experiment's own {found[2]}"
        )
    if str(error).startswith(OPTION):
        return "a group is given one of its options by name, group=option; --help lists them"
    said = re.sub(r"\s*\n\s*", "; ", str(error).strip())
    return said if said and mendable(error) else ": ".join(filter(None, [type(error).__name__, said]))


def _unread(error: OverrideParseException) -> str:
    key, equals, value = error.override.lstrip("+").partition("=")
    if not equals:
        return f"{key}: give it a value, {key}=…"
    if value.startswith("["):
        return (
            f'{key}={value} can\'t be read: the texts of a list are quoted where they hold signs, \'{key}=["…","…"]\''
        )
    return f"{key}={value} can't be read: a text with spaces or signs in it is quoted twice, '{key}=\"{value}\"'"


def _settled(group: str) -> str:
    return f"{group} comes with the checkpoint: leave it away here"


def _unknown(key: str, parent: Any) -> str:
    """A misspelt key; the configuration that was composed up to there knows the right ones."""
    group, dot, name = key.rpartition(".")
    known = [str(k) for k in parent] if isinstance(parent, DictConfig) else []
    if not dot and key in _options(""):
        return f"{key} has no keys of its own: {key}=OPTION" if "trainer" in known else _settled(key)
    known = sorted({*known, *(() if dot else _options(""))} - {"_target_", "hydra"})
    if takers := [option for option in _options(group) if dot and name in content(group, option)]:
        return f"{key}: there is no such key here; {group}={', '.join(takers)} {'have' if takers[1:] else 'has'} it"
    tree: Any = OmegaConf.to_container(parent._get_root(), resolve=False)
    near = difflib.get_close_matches(key, [*_paths(tree), *known], 1, 0.6)
    return "".join((
        f"{key}: there is no such key",
        f"; did you mean {near[0]}?" if near else "",
        f" (there is: {', '.join(f'{group}{dot}{k}' for k in known)})" if known else "",
        f"; a new one is added with +{key}=…" if dot and not near else "",
    ))  # fmt: skip


def _paths(tree: Any, prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if not prefix and key == "hydra":
            continue
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _paths(value, f"{prefix}{key}.")


def _options(group: str) -> list[str]:
    """The options of a group; of none: the groups."""
    folder = conf_dir() / group.replace(".", "/")
    found = folder.glob("*.yaml") if group else (f for f in folder.iterdir() if f.is_dir())
    return sorted(file.stem for file in found)
