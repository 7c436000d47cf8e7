"""Clipping sees gradients as they are, also where float16's scaler has made them larger."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from denoiselab.methods import Denoiser
from denoiselab.objectives import L2

CLIP = 0.5


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("algorithm", ["norm", "value"])
def test_scaled_gradients_are_clipped_as_unscaled_ones(fused: bool, algorithm: str) -> None:
    method = Denoiser(network=nn.Linear(4, 4), objective=L2(), phases=[], seed=0)
    optimizer = torch.optim.Adam(method.parameters(), lr=1e-3, fused=fused)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10)
    method.trainer = SimpleNamespace(precision_plugin=SimpleNamespace(scaler=scaler))  # type: ignore[assignment]
    scaler.scale(method.network(torch.ones(1, 4)).sum() * 3).backward()
    if not fused:
        scaler.unscale_(optimizer)  # as Lightning does
    method.configure_gradient_clipping(optimizer, CLIP, algorithm)
    gradients = torch.cat([p.grad.flatten() for p in method.parameters() if p.grad is not None])
    largest = gradients.norm() if algorithm == "norm" else gradients.max()
    assert largest.item() == pytest.approx(CLIP, rel=1e-4)
    assert scaler.step(optimizer) is None  # which would refuse to unscale twice
