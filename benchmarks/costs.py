"""What a training step costs at least: its operations, and the rate at which this machine convolves."""

from __future__ import annotations

import statistics
import time

import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.bare import network_of
from benchmarks.cases import Case
from denoiselab.training.trainer import chosen_precision


def flops(case: Case) -> int:
    """Floating-point operations of a step, forward and backward (2 for a multiplication with its sum)."""
    network = network_of(case)
    clean = torch.rand(1, case.channels, case.crop, case.crop)
    with FlopCounterMode(display=False) as counter:
        F.mse_loss(network(clean), clean).backward()
    return int(counter.get_total_flops()) * case.batch


def ceiling(device: torch.device, repeats: int = 15) -> float:
    """Operations a second of a 3×3 convolution 64 -> 64, forward and backward, as training runs it."""
    half = chosen_precision("auto", device.type) == "bf16-mixed"
    dtype = torch.bfloat16 if half else torch.float32
    batch = 16 if device.type == "cpu" else 256
    layer = torch.nn.Conv2d(64, 64, 3, padding=1, bias=False).to(device, dtype, memory_format=torch.channels_last)
    x = torch.rand(batch, 64, 64, 64, device=device, dtype=dtype).contiguous(memory_format=torch.channels_last)
    x.requires_grad_()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        y = layer(x)
        y.backward(y.detach())
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        times.append(time.perf_counter() - begun)
    return 3 * 2 * x.numel() * 64 * 9 / statistics.median(times[3:])
