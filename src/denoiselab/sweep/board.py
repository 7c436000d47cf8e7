"""What a person sees of a running sweep: a live table on a terminal, a line for each job that ends in a log."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from denoiselab.sweep.ledger import DONE, FAILED, LOG, OUTCOME, RUNNING, jobs, read, state

ENDED = (DONE, FAILED)


class Board:
    """Looks at the jobs' folders every few seconds until it is stopped, whoever runs the jobs and wherever.

    The time left is that of the jobs that were done while it looked: more at once take less.

    jobs: how many there will be, as far as is known.
    """

    def __init__(self, sweep: Path, *, jobs: int, console: Console, seconds: float = 2.0) -> None:
        self.sweep, self.jobs, self.seconds, self.console = sweep, jobs, seconds, console
        self.states: dict[Path, str] = {}
        self.before, self.start = 0, time.monotonic()
        self._stopped, self._thread = Event(), Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look once more, and no more."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        self.look()
        self.before = self._count(DONE)
        with Live(console=self.console, auto_refresh=False, transient=True) as live:
            last = False
            while not last:
                last = self._stopped.wait(self.seconds)
                ended = list(self.look())
                if self.console.is_terminal:
                    live.update(self.table(), refresh=True)
                else:
                    for job in ended:
                        said = f"{self.states[job]:7} {job.name}{result(job)}  ({self.line()})"
                        self.console.print(said, markup=False, highlight=False, soft_wrap=True)

    def look(self) -> list[Path]:
        """Read the states anew; the jobs that have ended since the last look."""
        known = dict(self.states)
        for job in jobs(self.sweep):
            if known.get(job) not in ENDED:
                self.states[job] = state(job)
        return [job for job, now in self.states.items() if now in ENDED and known.get(job) not in ENDED]

    def line(self) -> str:
        """How many are done, run, failed, and the time left."""
        count = Counter(self.states.values())
        total = max(self.jobs, len(self.states))
        said = [f"{count[DONE]} of {total} done"]
        said += [f"{count[name]} {name}" for name in (RUNNING, FAILED) if count[name]]
        done, left = count[DONE] - self.before, total - self._count(*ENDED)
        if done and left:
            seconds = left * (time.monotonic() - self.start) / done
            said.append(f"about {timedelta(seconds=round(seconds))} left")
        return ", ".join(said)

    def table(self) -> Group:
        """The line above the jobs that run or failed, with their last words."""
        rows = Table.grid(padding=(0, 2))
        for job, now in self.states.items():
            if now in (RUNNING, FAILED):
                words = last_words(job) if now == RUNNING else read(job / OUTCOME).get("error", "")
                rows.add_row(*(Text(text, no_wrap=True, overflow="ellipsis") for text in (now, job.name, words)))
        return Group(Text(f"{self.sweep.name}: {self.line()}"), rows)

    def _count(self, *states: str) -> int:
        return sum(now in states for now in self.states.values())


def result(job: Path) -> str:
    """What an ended job came to."""
    outcome = read(job / OUTCOME)
    if "error" in outcome:
        return f": {outcome['error']}"
    return f"  {outcome['PSNR dB']:.2f} dB" if "PSNR dB" in outcome else ""


def last_words(job: Path, most: int = 500) -> str:
    """The last line of a job's log."""
    try:
        with (job / LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - most))
            lines = log.read().decode(errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
