"""What restoring a picture costs: parameters, multiply-adds, time and memory."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import torch
from lightning.fabric.utilities import move_data_to_device
from torch.utils.flop_counter import FlopCounterMode

from denoiselab.batch import Observation
from denoiselab.methods import Method
from denoiselab.restore import Restorer, prepare, restore_observation
from denoiselab.restore.memory import peak, reset_peak, told

MEGA = 1e6
Maker = Callable[[], Restorer]


@dataclass(frozen=True)
class Cost:
    """Of restoring one picture.

    parameters: of what was learned; None of what learned nothing.
    multiply_adds: a pixel of the result, in convolutions and products of matrices; None of what has none.
    seconds: a megapixel of the result, the second time; None, and all else too, where the process was killed.
    mebibytes: how far memory rose above what lay there before, on the device that computes; None where the system
        doesn't tell.
    """

    parameters: int | None
    multiply_adds: float | None
    seconds: float | None
    mebibytes: float | None


def cost(make: Maker, observation: Observation) -> Cost:
    """Make a restorer in a process of its own, whose memory is its alone, and let it restore an observation.

    make: can be pickled.
    """
    threads = torch.get_num_threads()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        try:
            return apart.submit(_cost, make, observation, threads).result()
        except BrokenProcessPool:  # killed, for its memory mostly: the figures of the pictures are there all the same
            return Cost(None, None, None, None)


def _cost(make: Maker, observation: Observation, threads: int) -> Cost:
    torch.set_num_threads(threads)
    restorer = make()
    pixels = float(observation.value[0, 0].numel())
    parameters, multiply_adds, device = None, None, torch.device("cpu")
    if isinstance(restorer, Method):
        parameters = sum(p.numel() for p in restorer.parameters())
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            pixels = float(restore_observation(restorer, observation).mean[0, 0].numel())
        multiply_adds = counter.get_total_flops() / 2 / pixels
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        prepare(restorer, device)
    seen = move_data_to_device(observation, device)
    with torch.no_grad():
        before = reset_peak(device) if told(device) else None
        restore_observation(restorer, seen).mean.cpu()
        risen = None if before is None else peak(device) - before
        begun = time.perf_counter()
        restore_observation(restorer, seen).mean.cpu()
    return Cost(parameters, multiply_adds, (time.perf_counter() - begun) * MEGA / pixels, risen)
