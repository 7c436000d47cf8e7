"""The jobs of a sweep, as their folders say: what each is, whether it runs, how it ended."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import yaml

import denoiselab
from denoiselab.drafts import atomic
from denoiselab.sweep.locks import held

JOB, AXES, OUTCOME, LOG, LOCK = "job.yaml", "overrides.yaml", "outcome.yaml", "log.txt", ".lock"
RUN_ID = "wandb_id"
"""The file with a run's id at W&B, where it is logged there."""
SEARCH = "search.yaml"
"""Where the study of a search lies: what its jobs report to."""
WAITING, RUNNING, INTERRUPTED, FAILED, DONE = STATES = ("waiting", "running", "interrupted", "failed", "done")


def state(job: Path) -> str:
    """How a job stands, one of `STATES`.

    Nothing but the system says that a job runs, so a killed one is `interrupted` from that moment on.
    """
    if outcome := read(job / OUTCOME):
        return FAILED if "error" in outcome else DONE
    if held(job / LOCK):
        return RUNNING
    return INTERRUPTED if (job / LOG).exists() else WAITING


def jobs(sweep: Path) -> list[Path]:
    """The folders of a sweep's jobs, in the order of their names, whole numbers by their value."""
    found = {file.parent for name in (JOB, OUTCOME) for file in sweep.glob(f"*/{name}")}
    return sorted(found, key=lambda job: re.sub(r"\d+", lambda number: number[0].zfill(12), job.name))


def freeze(job: Path, run: Mapping[str, Any]) -> None:
    """Keep what a job is to do: from now on its configuration is this, whatever happens to conf/."""
    write_overrides(job, run["overrides"])
    write(job / JOB, {**run, "code": code()})


def end(job: Path, **outcome: Any) -> None:
    """Keep how a job ended (`error`, `seconds`, its figures: what isn't None), and by which code."""
    write(job / OUTCOME, {key: value for key, value in {**outcome, "code": code()}.items() if value is not None})


def write_overrides(job: Path, overrides: Sequence[str]) -> None:
    """Keep what the command line named: the axes of a sweep."""
    named = (override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    write(job / AXES, {key: value for key, value in named if not key.startswith("hydra.")})


def write(file: Path, content: Mapping[str, Any]) -> None:
    """Write plain data, all of it or nothing."""
    with atomic(file) as draft:
        draft.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """Plain data that was written; none where nothing was."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return {}


def named(said: Mapping[str, str]) -> str:
    """A folder's name for what a job changes: `model=dncnn,depth=4`.

    Keys are cut to their last part where that is enough. A name that can't say everything ends in a few letters that
    no other has.
    """
    exact = ",".join(f"{key}={value}" for key, value in zip(short(list(said)), said.values(), strict=True))
    name = re.sub(r"[^\w.=,+-]+", "_", exact)[:100] or "0"
    return name if name == (exact or "0") else f"{name}_{digest([exact])}"


def short(keys: Sequence[str]) -> list[str]:
    """The last part of each key, where these differ from each other; else the keys."""
    last = [key.removesuffix("._target_").rpartition(".")[2] for key in keys]
    return last if len(set(last)) == len(last) else list(keys)


def digest(words: Sequence[str]) -> str:
    """Eight letters that stand for these words in any order."""
    return sha256("\0".join(sorted(words)).encode()).hexdigest()[:8]


@cache
def code() -> str:
    """The version of the code that runs, with its last commit where it lies in a repository; `+`: changed since."""
    git = ["git", "-C", str(Path(denoiselab.__file__).parent)]
    try:
        commit = subprocess.check_output([*git, "log", "-1", "--abbrev=8", "--format=%h", "--", "."], stderr=DEVNULL)
        changed = subprocess.call([*git, "diff", "--quiet", "HEAD", "--", "."], stderr=DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return denoiselab.__version__
    return " ".join(filter(None, [denoiselab.__version__, commit.decode().strip() + "+" * bool(changed)]))
