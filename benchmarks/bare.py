"""The loop that a good engineer would write by hand, without a framework: `python -m benchmarks.bare KIND CASE DEVICE`.

eager: float32, torch's default layout, Adam: what most repositories do, but for pictures kept in memory.
matched: the precision, layout, allocator and fused optimizer that denoiselab chooses here, and nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import Tensor
from torch.nn import functional as F

from benchmarks.cases import CASES, Case
from benchmarks.pace import Clock, connect
from denoiselab.config import build
from denoiselab.training.process import prepare_process
from denoiselab.training.trainer import chosen_precision

CONF = Path(__file__).parents[1] / "conf" / "model"


def network_of(case: Case) -> torch.nn.Module:
    """The network that train.py would build."""
    node = yaml.safe_load((CONF / f"{case.model}.yaml").read_text()) | case.keys
    node.pop("defaults", None)  # which optimizer it asks for
    network: torch.nn.Module = build(node, "model", trust=False, in_channels=case.channels, out_channels=case.channels)
    return network


def photographs(channels: int) -> list[Tensor]:
    """Two of the pictures of `data=photos`, `(C, H, W)` uint8."""
    import skimage.data

    return [
        torch.from_numpy(getattr(skimage.data, name)()[..., :channels].copy()).permute(2, 0, 1)
        for name in ("astronaut", "coffee")
    ]


def batch_of(case: Case, pictures: list[Tensor], random: np.random.Generator, device: torch.device) -> Tensor:
    """Random crops, turned and mirrored, `(N, C, H, W)` float in [0, 1]."""
    crops = []
    for picture in (pictures[i] for i in random.integers(len(pictures), size=case.batch)):
        top, left = (random.integers(side - case.crop + 1) for side in picture.shape[1:])
        crop = picture[:, top : top + case.crop, left : left + case.crop]
        crop = torch.rot90(crop, int(random.integers(4)), (1, 2))
        crops.append(crop.flip(2) if random.random() < 0.5 else crop)
    return torch.stack(crops).to(device, non_blocking=True).float().div_(255)


def main(kind: str, case: Case, device: torch.device) -> None:
    """Train in rounds until told to stop."""
    matched = kind == "matched"
    if matched:
        prepare_process()
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    pictures = photographs(case.channels)
    network = network_of(case).to(device)
    half = matched and chosen_precision("auto", device.type) == "bf16-mixed"
    if matched:
        network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, fused=matched or None)
    told, clock, left = connect(), Clock(device), 1
    clock.start()
    while left:
        for _ in range(left):
            clean = batch_of(case, pictures, random, device)
            if matched:
                clean = clean.contiguous(memory_format=torch.channels_last)
            noisy = clean + 30 / 255 * torch.randn_like(clean)
            optimizer.zero_grad()
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                restored = network(noisy)
            F.mse_loss(restored, clean).backward()
            optimizer.step()
        told.send(clock.stop())
        left = told.recv()
        clock.start()


if __name__ == "__main__":
    main(sys.argv[1], CASES[sys.argv[2]], torch.device(sys.argv[3]))
