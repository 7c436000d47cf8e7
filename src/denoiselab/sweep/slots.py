"""The GPUs of one machine, shared among the jobs of a sweep that run there at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from denoiselab.sweep.locks import take

SLOTS = "DENOISELAB_SLOTS"
"""The environment variable by which the processes of a launcher know them: `0;1` or `0,1;2,3`."""


def gpus() -> list[str]:
    """The GPUs that this process sees, as `CUDA_VISIBLE_DEVICES` calls them."""
    import torch

    count, named = torch.cuda.device_count(), os.environ.get("CUDA_VISIBLE_DEVICES")
    return named.split(",")[:count] if named else [str(number) for number in range(count)]


def slots(gpus: Sequence[str], each: int, jobs: int) -> list[str]:
    """What each of the jobs that run at once sees: `each` GPUs of its own, or shared where there are too few.

    jobs: how many run at once; -1: as many as there are GPUs for.
    """
    groups = [",".join(gpus[i : i + each]) for i in range(0, len(gpus) - each + 1, each)] or [",".join(gpus)]
    return groups if jobs == -1 else list(islice(cycle(groups), jobs))


@contextmanager
def slot(sweep: Path) -> Iterator[dict[str, str]]:
    """The environment of a job, in which it sees the GPUs that no job before it has; given back at the end."""
    for number, seen in enumerate(filter(None, os.environ.get(SLOTS, "").split(";"))):
        if lock := take(sweep / f".slot{number}"):
            with lock:
                yield {**os.environ, "CUDA_VISIBLE_DEVICES": seen}
            return
    yield dict(os.environ)
