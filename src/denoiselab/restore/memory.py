"""How much memory is free, and how much of it something takes."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

MIB = 2**20


def free_mebibytes(device: torch.device) -> float | None:
    """What is left on a device; None where the system doesn't tell."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0] / MIB
    return _kibibytes("/proc/meminfo", "MemAvailable") / 1024 if told(device) else None


def reset_peak(device: torch.device) -> float:
    """Let `peak` count from here on; MiB that this process has in use now."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return torch.cuda.memory_allocated(device) / MIB
    Path("/proc/self/clear_refs").write_text("5")
    return _kibibytes("/proc/self/status", "VmRSS") / 1024


def peak(device: torch.device) -> float:
    """The most MiB that this process had in use since `reset_peak`."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / MIB
    return _kibibytes("/proc/self/status", "VmHWM") / 1024


def told(device: torch.device) -> bool:
    """Whether the system tells all of this."""
    return device.type == "cuda" or (device.type == "cpu" and sys.platform.startswith("linux"))


def _kibibytes(file: str, name: str) -> int:
    return next(int(line.split()[1]) for line in Path(file).read_text().splitlines() if line.startswith(f"{name}:"))
