"""A job of a sweep, `python -m denoiselab.app.job FOLDER`.

In a process of its own it takes nothing else with it, whatever kills it, and may start others (DDP) like any run.
The end of its standard input asks it to stop; that comes, too, when whoever started it is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

from denoiselab.app.ranks import first, rank
from denoiselab.errors import Interrupted, UserError
from denoiselab.sweep.ledger import DONE, JOB, LOCK, LOG, OUTCOME, end, read, state
from denoiselab.sweep.locks import wait_for
from denoiselab.sweep.slots import slot

STOPPED = 130
ASKED = (STOPPED, -signal.SIGTERM, -signal.SIGINT)
"""How a process ends that was asked to."""


def run_apart(job: Path) -> float | None:
    """Run a frozen job to its end, unless it is done; how it ended is written in its folder.

    Its best figure in validation is returned, where it came to one.
    """
    if (job / JOB).exists() and state(job) != DONE:
        code = process(job)
        if first() and code and code not in ASKED and not (job / OUTCOME).exists():
            why = f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}, see {LOG}"
            with suppress(UserError):  # the disk is full
                conclude(job, why)
    figure: float | None = read(job / OUTCOME).get("validation")
    return figure


@cache
def follow() -> None:
    """Have this worker of a launcher end when whoever started it has ended; its job then saves and ends, too."""

    def watch(parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(STOPPED)

    threading.Thread(target=watch, args=[os.getppid()], daemon=True).start()


def process(job: Path) -> int:
    """Wait for a job's own process; the code that it ends with.

    It has a session of its own: a terminal's Ctrl-C reaches it once, as the end of its input.
    """
    with slot(job.parent) as environment:
        with (job / LOG).open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", __name__, str(job)], env=environment,
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            return started.wait()
        except BaseException:
            print(f"stopping: {job.name} keeps what it has learnt", file=sys.stderr, flush=True)
            started.communicate()  # closes its input and waits
            raise


def conclude(job: Path, error: str | None = None, seconds: float | None = None) -> None:
    """Write how a job ended and what it came to, and the sweep's tables with it."""
    from denoiselab.sweep.leaderboard import best_validation, pruned, psnr, write_tables

    figures = {} if error else {"PSNR dB": psnr(job), "validation": best_validation(job), "pruned": pruned(job)}
    end(job, error=error, seconds=seconds, **figures)
    write_tables(job.parent)


def main() -> None:
    """Do the job in the folder that the command line names, or be one of the processes that train it together."""
    job = Path(sys.argv[1])
    signal.signal(signal.SIGUSR2, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # Slurm: the time is nearly up
    if not first():
        threading.Thread(target=_leave_with_first, args=[job], daemon=True).start()
        with wait_for(job / f"{LOCK}{rank()}"):
            _train(job)
        return
    threading.Thread(target=_stop_when_left, daemon=True).start()
    work(job)


def work(job: Path) -> None:
    """Train once whoever else works on this job has ended, unless it is done then."""
    with wait_for(job / LOCK):
        if state(job) == DONE:
            return
        (job / OUTCOME).unlink(missing_ok=True)
        start = time.monotonic()
        conclude(job, _failure(job), time.monotonic() - start)


def _leave_with_first(job: Path) -> None:
    """End when the process has ended that speaks for all; torch would wait for it for half an hour."""
    while not (job / OUTCOME).exists():
        time.sleep(1)
    os._exit(1)


def _stop_when_left() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _failure(job: Path) -> str | None:
    """Train; why it failed, in one line."""
    from denoiselab.app.messages import mendable, one_line

    try:
        _train(job)
    except (Interrupted, KeyboardInterrupt) as error:
        print(one_line(error))
        sys.exit(STOPPED)
    except Exception as error:
        if not mendable(error):
            traceback.print_exc()
        print(one_line(error))
        return one_line(error)
    return None if (job / JOB).exists() else "its folder was deleted while it ran"


def _train(job: Path) -> None:
    from denoiselab.app.composed import run_of
    from denoiselab.methods.checkpoint import LAST
    from denoiselab.training.run import train

    own = {"resume": str(job / LAST)} if (job / LAST).exists() else {}
    table = train(run_of({**read(job / JOB), **own}, job, group=job.parent.name))
    if table is not None:
        table.print()


if __name__ == "__main__":
    main()
