"""Rounds on command: a worker trains as many steps as it is told, and answers what they cost."""

from __future__ import annotations

import os
import resource
import time
from multiprocessing.connection import Connection
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

CHANNEL = "DENOISELAB_BENCH"
"""The environment variable with the file number by which a worker hears and answers."""


class Clock:
    """The seconds of a round, on the wall and of the processor, and the largest memory so far."""

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def start(self) -> None:
        self._wait()
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def stop(self) -> dict[str, float]:
        """wall_s, cpu_s, peak_mib (of the device where it is a GPU)."""
        self._wait()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if self.device.type == "cuda":
            peak = torch.cuda.max_memory_allocated(self.device) / 2**20
        return {
            "wall_s": time.perf_counter() - self.wall,
            "cpu_s": time.process_time() - self.cpu,
            "peak_mib": peak,
        }

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)


def connect() -> Connection:
    """To whoever started this worker."""
    return Connection(int(os.environ[CHANNEL]))


class Pace(Callback):
    """Holds a training run before each round until it is told how many steps to do; 0 ends the run."""

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.told, self.left = connect(), 1
        self.clock = Clock(trainer.strategy.root_device)
        self.clock.start()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        self.left -= 1
        if self.left:
            return
        self.told.send(self.clock.stop())
        self.left = self.told.recv()
        if not self.left:
            os._exit(0)  # nothing of this run is kept
        self.clock.start()
