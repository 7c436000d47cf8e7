"""A sweep under Hydra: a folder named by what it is, locked, with every job's configuration frozen in it.

The same command given again goes on with the same sweep. Hydra's sweeper says which jobs there are and its launcher
where and when each runs; what a job does is `denoiselab.app.job`.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, ValueType
from hydra.experimental.callback import Callback
from omegaconf import OmegaConf, open_dict, read_write
from rich.console import Console

from denoiselab.app.composed import described
from denoiselab.app.messages import one_line
from denoiselab.app.runs import filled
from denoiselab.app.search import go_on, is_search
from denoiselab.errors import UserError
from denoiselab.sweep.board import Board
from denoiselab.sweep.ledger import (
    DONE,
    FAILED,
    JOB,
    LOCK,
    OUTCOME,
    code,
    digest,
    end,
    freeze,
    jobs,
    named,
    read,
    short,
    state,
    write,
    write_overrides,
)
from denoiselab.sweep.locks import take
from denoiselab.sweep.slots import SLOTS, gpus, slots


class Sweep(Callback):
    """Hydra's word that a sweep begins."""

    def on_multirun_start(self, config: Any, **kwargs: Any) -> None:
        try:
            begin(config)
        except Exception as error:
            raise KeyboardInterrupt from error  # of a callback's Exceptions Hydra makes warnings, and goes on


def begin(config: Any) -> None:
    """Name the sweep's folder, lock it, and have every job frozen there.

    Raises:
        UserError: somebody else runs this sweep.
    """
    said = words(config.hydra)
    sweeping = [o for o in OverridesParser.create().parse_overrides(said) if o.is_sweep_override()]
    axes = list(dict.fromkeys(override.get_key_element().lstrip("+") for override in sweeping))
    typed = [str(override) for override in config.hydra.overrides.hydra]
    if not any(override.startswith("hydra.sweep.dir=") for override in typed):
        name = config.hydra.runtime.choices.get("experiment") or f"sweep_{'_'.join(short(axes))[:60]}"
        put(config, "hydra.sweep.dir", f"{config.hydra.sweep.dir}/{name}_{digest(said)}")
    folder = Path(config.hydra.sweep.dir)
    if (lock := take(folder / LOCK)) is None:
        holder = (folder / LOCK).read_text(encoding="utf-8")
        raise UserError(f"{folder} is running already ({holder}): wait for it, or stop it and go on with it then")
    number = config.hydra.sweeper.n_trials if is_search(config.hydra.sweeper) else planned(sweeping)
    print(f"sweep     {folder}, {number} jobs", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun.append((folder, lock, Board(folder, jobs=number, console=Console())))
    share_gpus(config)
    if is_search(config.hydra.sweeper):
        for key, value in go_on(config.hydra.sweeper, folder, typed).items():
            put(config, f"hydra.sweeper.{key}", value)
    loader = GlobalHydra.instance().config_loader()
    loader.load_sweep_config = Freezing(loader, folder, axes)  # type: ignore[method-assign]
    if others := {str(kept["code"]) for job in jobs(folder) if (kept := read(job / JOB))} - {code()}:
        print(f"note      begun with denoiselab {', '.join(sorted(others))}, going on with {code()}")


def planned(sweeping: Sequence[Override]) -> int:
    """How many jobs there will be; the options that a glob stands for are counted when it is spelt out."""
    return prod(len(list(o.sweep_string_iterator())) for o in sweeping if o.value_type != ValueType.GLOB_CHOICE_SWEEP)


def put(config: Any, key: str, value: Any) -> None:
    """Change what Hydra has made read-only."""
    with read_write(config), open_dict(config):
        OmegaConf.update(config, key, value)


def share_gpus(config: Any) -> None:
    """Under joblib, whose jobs share a machine: one job a GPU, or as many GPUs as `trainer.devices` says."""
    if "n_jobs" not in config.hydra.launcher or not (seen := gpus()):
        return
    each = config.trainer.devices if isinstance(config.trainer.devices, int) else 1
    own = slots(seen, max(1, each), config.hydra.launcher.n_jobs)
    put(config, "hydra.launcher.n_jobs", len(own))
    os.environ[SLOTS] = ";".join(own)


def words(hydra: Any) -> list[str]:
    """What a sweep is said to be: the sweeper's own axes, under those of the command line."""
    params: Any = OmegaConf.to_container(hydra.sweeper.get("params") or OmegaConf.create({}))
    typed = {override.partition("=")[0]: override for override in hydra.overrides.task}
    return list({**{key: f"{key}={value}" for key, value in params.items()}, **typed}.values())


begun: list[tuple[Path, IO[str], Board]] = []
"""The sweep that this process began and hasn't ended: its lock, and what is shown of it."""


@dataclass
class Freezing:
    """In the place of Hydra's composing of a job: composed once, and kept in the job's folder.

    Hydra composes all jobs before the first is launched, so that a change in conf/ meets none of them. One whose
    options don't compose fails alone.
    """

    loader: Any
    sweep: Path
    axes: Sequence[str]

    def __call__(self, master_config: Any, sweep_overrides: Sequence[str]) -> Any:
        """The sweep's own configuration, with the job's folder and what it changes."""
        said = dict(override.lstrip("+").split("=", 1) for override in sweep_overrides)
        job = self.sweep / named({axis: said[axis] for axis in self.axes})
        self.freeze(job, master_config, list(sweep_overrides))
        config = deepcopy(master_config)
        put(config, "hydra.overrides.task", list(sweep_overrides))
        put(config, "hydra.sweep.subdir", job.name)
        return config

    def freeze(self, job: Path, master_config: Any, overrides: list[str]) -> None:
        """Keep what a job is to do, unless it is kept already; of one by older code, the keys that are new since."""
        kept = read(job / JOB)
        if kept and sorted(kept["overrides"]) != sorted(overrides):
            leave()
            raise UserError(f"{job} is a job of another sweep: name another hydra.sweep.dir")
        if state(job) == FAILED:
            (job / OUTCOME).unlink()
        if kept and (kept["code"] == code() or state(job) == DONE):
            return
        try:
            said = self.composed(master_config, overrides)
        except Exception as error:  # whatever it is, it is this job's
            if not kept:
                write_overrides(job, overrides)
                end(job, error=one_line(error))
            return
        if kept:
            write(job / JOB, {**kept, "config": filled(kept["config"], said["config"])})
        else:
            freeze(job, said)

    def composed(self, master_config: Any, overrides: list[str]) -> dict[str, Any]:
        """What a job's options come to."""
        config = type(self.loader).load_sweep_config(self.loader, master_config, overrides)
        hydra = config.hydra
        with read_write(config), open_dict(config):
            del config["hydra"]
        return described(config, hydra)


def leave() -> None:
    """Let go of a sweep that isn't this one."""
    _, lock, board = begun.pop()
    with lock:
        board.stop()


def end_sweep() -> str:
    """End the sweep that was begun, with its table; what is left of it to do, in words.

    Nothing stays of a sweep of which no job's options compose.
    """
    if not begun:
        return ""
    folder, lock, board = begun.pop()
    with lock:
        board.stop()
        os.environ.pop(SLOTS, None)
        states = {job: state(job) for job in jobs(folder)}
        errors = {job: error for job in states if (error := read(job / OUTCOME).get("error"))}
        if any((job / JOB).exists() for job in states):
            show(folder, states, errors)
        else:
            remove(folder, states)
    if errors:
        last = list(errors.values())[-1]
        return f"{len(errors)} of {len(states)} jobs failed, the last one: {last}; the same command tries them again"
    left = sum(now != DONE for now in states.values())
    return f"{left} of {len(states)} jobs are left: the same command goes on with them" if left else ""


def show(folder: Path, states: Mapping[Path, str], errors: Mapping[Path, str]) -> None:
    """Write and print the tables, and name the jobs that aren't done."""
    from denoiselab.sweep.leaderboard import leaderboard, write_tables

    write_tables(folder)
    leaderboard(folder).print()
    for job, now in states.items():
        if now != DONE:
            print(f"{now:11} {job.name}" + (f": {errors[job]}" if job in errors else ""))
    print(f"written to {folder}")


def remove(folder: Path, refused: Iterable[Path]) -> None:
    """Take away what was written of a sweep that isn't begun."""
    for job in refused:
        shutil.rmtree(job)
    for name in ("multirun.yaml", LOCK):
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()
