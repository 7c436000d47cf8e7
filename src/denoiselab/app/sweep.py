"""One table over all jobs of a sweep, written when it ends, however it ends."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.experimental.callback import Callback
from hydra.types import RunMode


class SweepTable(Callback):
    """Gathers every job's `summary.yaml`, or why it failed, into `table.csv` and `table.md` in the sweep's folder."""

    def on_multirun_start(self, config: Any, **kwargs: Any) -> None:
        self.folder, self.jobs = Path(config.hydra.sweep.dir), expanded(config.hydra.overrides.task)
        self.ended: set[int] = set()
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
            key = override.get_key_element()
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
