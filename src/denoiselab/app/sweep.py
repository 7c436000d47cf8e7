"""One table over all jobs of a sweep, written when it ends, however it ends."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.experimental.callback import Callback
from hydra.types import RunMode


class SweepTable(Callback):
    """Gathers every job's `summary.yaml`, or why it failed, into `table.csv` and `table.md` in the sweep's folder."""

    def on_multirun_start(self, config: Any, **kwargs: Any) -> None:
        self.folder, self.jobs = Path(config.hydra.sweep.dir), expanded(config.hydra.overrides.task)
        self.ended: set[int] = set()
        forgive(len(self.jobs))
        begun.append(self)

    def on_job_end(self, config: Any, job_return: Any, **kwargs: Any) -> None:
        if config.hydra.mode is RunMode.MULTIRUN:
            self.ended.add(config.hydra.job.num)

    def on_multirun_end(self, config: Any, **kwargs: Any) -> None:
        begun.remove(self)
        self.write()

    def write(self) -> None:
        """Write and show the table, and name the jobs that never came to their end."""
        from denoiselab.report.sweeps import sweep_table

        table = sweep_table(self.folder)
        table.to_csv(self.folder / "table.csv")
        table.to_markdown(self.folder / "table.md")
        table.print()
        for number, job in enumerate(self.jobs):
            if number not in self.ended:
                print(f"missing   job {number}: {job}")
        print(f"written to {self.folder}")


begun: list[SweepTable] = []
"""The sweeps that this process began and hasn't ended."""


def expanded(overrides: Sequence[str]) -> list[str]:
    """What each job of a sweep changes, in the order of their numbers (Hydra's basic sweeper's)."""
    axes: dict[str, list[str]] = {}
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.is_sweep_override() and override.is_discrete_sweep():
            key = override.get_key_element().lstrip("+")
            axes[key] = [f"{key}={value}" for value in override.sweep_string_iterator()]
    return [" ".join(job) for job in itertools.product(*axes.values())]


def end_sweep() -> None:
    """End a sweep that was stopped: with its table, or without a folder if no job began."""
    while begun:
        sweep = begun.pop()
        if [file.name for file in sweep.folder.glob("*")] == ["multirun.yaml"]:
            shutil.rmtree(sweep.folder)
        elif sweep.folder.is_dir():
            sweep.write()


def job() -> str:
    """The number of the sweep's job that runs; empty outside of a sweep."""
    hydra = HydraConfig.get()
    return str(hydra.job.num) if hydra.mode is RunMode.MULTIRUN else ""


def job_error() -> Path:
    """Where the job that runs says why it failed."""
    from denoiselab.report.sweeps import ERROR

    return Path(HydraConfig.get().runtime.output_dir) / ERROR


def failed_job(line: str) -> None:
    """Leave of a job that failed what it changed and why it failed, for the table."""
    from denoiselab.report.sweeps import AXES, write_overrides

    folder = job_error().parent
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / AXES).exists():
        write_overrides(folder, HydraConfig.get().overrides.task)
    job_error().write_text(line + "\n", encoding="utf-8")


refused: dict[tuple[str, ...], Exception] = {}
"""The jobs of the sweep whose options don't compose, and why."""


def forgive(jobs: int) -> None:
    """Let a sweep go on without the jobs whose options don't compose; Hydra would refuse the whole sweep.

    Such a job gets the sweep's own configuration and fails in its turn (`check_composed`). Where none composes,
    nothing is begun.
    """
    loader = GlobalHydra.instance().config_loader()
    load = loader.load_sweep_config

    def forgiving(master_config: Any, sweep_overrides: list[str]) -> Any:
        try:
            return load(master_config, sweep_overrides)
        except Exception as error:
            refused[tuple(sweep_overrides)] = error
            if len(refused) == jobs:
                raise
            config = deepcopy(master_config)
            config.hydra.overrides.task = sweep_overrides
            return config

    refused.clear()
    loader.load_sweep_config = forgiving  # type: ignore[method-assign]


def check_composed() -> None:
    """Raise what was wrong with the options of the job that runs."""
    if error := refused.get(tuple(HydraConfig.get().overrides.task)):
        raise error
