"""An error of Hydra, OmegaConf or the system as one line that names the thing and the remedy."""

from __future__ import annotations

import errno
import re

from denoiselab.config import suggest


def one_line(error: BaseException) -> str:
    """The line that a person sees."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"the disk is full ({error.filename or 'while writing'}): free some space, then go on with ckpt=RUN"
    text = re.sub(r"\s*\n\s*", "\n", str(error)).strip()
    for pattern, rewrite in (
        (
            r"Could not find '(?P<group>.+)/(?P<option>[^/']+)'(?:\n+Available options.*:\n(?P<options>(?:.+\n?)*))?",
            _option,
        ),
        (r"Could not override '(?P<key>[^']+)'", _key),
        (r"Key '(?P<key>[^']+)' is not in struct", _key),
    ):
        if found := re.search(pattern, text):
            return rewrite(found, error)
    return re.sub(r"\s*\n\s*", "; ", text) or type(error).__name__


def _option(found: re.Match[str], error: BaseException) -> str:
    options = (found["options"] or "").split()
    return f"{found['group']}={found['option']}: no such option{suggest(found['option'], options)}"


def _key(found: re.Match[str], error: BaseException) -> str:
    """A misspelt key; the configuration that was composed up to there knows the right ones."""
    from denoiselab.app.cli import conf_dir

    key = found["key"]
    known = [k for k in _known_keys(conf_dir()) if k != key]
    return f"{key}: there is no such key{_nearest(key, known)}; a new one is added with +{key}=…"


def _nearest(key: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(key, known, 1, 0.6)
    parent = key.rpartition(".")[0]
    beside = sorted(k for k in known if k.rpartition(".")[0] == parent)
    return (f"; did you mean {near[0]}?" if near else "") + (f" (there is: {', '.join(beside)})" if beside else "")


def _known_keys(conf: object) -> list[str]:
    """Every key of the composed configuration, with the group choices of this command line."""
    import sys

    from hydra import compose, initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf

    choices = [a for a in sys.argv[1:] if "=" in a and "." not in a.split("=")[0] and not a.startswith("-")]
    name = re.sub(r"\W", "", sys.argv[0].rpartition("/")[2].removesuffix(".py")) or "train"
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(conf), version_base="1.3"):
        for overrides in (choices, []):
            try:
                tree = OmegaConf.to_container(compose(name, overrides=overrides), resolve=False)
            except HydraException:
                continue
            return list(_leaves(tree))
    return []


def _leaves(tree: object, prefix: str = "") -> list[str]:
    if not isinstance(tree, dict):
        return [prefix]
    return [
        leaf for k, v in tree.items() if k != "_target_" for leaf in _leaves(v, f"{prefix}.{k}" if prefix else str(k))
    ]
