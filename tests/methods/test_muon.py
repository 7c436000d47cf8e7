"""Muon against torch's own (matrices) and torch's AdamW (the rest); what it resumes from."""

import copy
from typing import Any

import pytest
import torch
from torch import nn
from torch.optim import Optimizer

from denoiselab.errors import UserError
from denoiselab.methods.muon import Muon, orthogonal

HIDDEN = [(32, 48, 3, 3), (32, 48, 3, 3), (48, 16, 1, 1)]
REST = [(32, 3, 3, 3), (3, 32, 3, 3), (32,), ()]
KEYS = {"lr": 2e-3, "weight_decay": 0.5}


def parameters(shapes: list[tuple[int, ...]]) -> list[nn.Parameter]:
    source = torch.Generator().manual_seed(0)
    return [nn.Parameter(torch.randn(shape, generator=source)) for shape in shapes]


def walk(params: list[nn.Parameter], optimizer: Optimizer, steps: range) -> None:
    """Steps along gradients that depend on the step and the place in the list only."""
    for step in steps:
        source = torch.Generator().manual_seed(step)
        for p in params:
            p.grad = torch.randn(p.shape, generator=source)
        optimizer.step()


def muon(params: list[nn.Parameter]) -> Muon:
    return Muon(params, **KEYS, momentum=0.9, betas=(0.9, 0.99), eps=1e-8)


@pytest.mark.parametrize("shape", [(16, 144), (144, 16), (1, 9), (64, 64)])
def test_singular_values(shape: tuple[int, int]) -> None:
    u, _, v = torch.linalg.svd(torch.randn(3, *shape), full_matrices=False)
    steps = orthogonal(u * torch.linspace(1, 0.05, min(shape)) @ v)
    values = torch.linalg.svdvals(steps)
    assert steps.shape == (3, *shape)
    assert values.min() > 0.6
    assert values.max() < 1.25


def test_zero_stays() -> None:
    assert torch.equal(orthogonal(torch.zeros(2, 16, 20)), torch.zeros(2, 16, 20))


def test_hidden_is_torchs_muon() -> None:
    """torch's takes matrices only and orthogonalises in bfloat16, so the two agree to its precision."""
    ours = parameters(HIDDEN)
    start = [p.detach().clone() for p in ours]
    theirs = [nn.Parameter(p.detach().flatten(1)) for p in parameters(HIDDEN)]
    walk(ours, muon(ours), range(3))
    for p in theirs:
        p.grad = torch.zeros_like(p)
    scales = [max(p.shape) ** 0.5 for p in theirs]
    groups = [
        {"params": [p], "lr": KEYS["lr"] * scale, "weight_decay": KEYS["weight_decay"] / scale, "adjust_lr_fn": "none"}
        for p, scale in zip(theirs, scales, strict=True)
    ]
    reference = torch.optim.Muon(groups, momentum=0.9)
    for step in range(3):
        source = torch.Generator().manual_seed(step)
        for p, q in zip(theirs, ours, strict=True):
            p.grad = torch.randn(q.shape, generator=source).flatten(1)
        reference.step()
    for p, q, before in zip(ours, theirs, start, strict=True):
        moved, expected = p.detach() - before, q.detach().view_as(p) - before
        assert (moved - expected).norm() < 0.02 * expected.norm()


def test_rest_is_adamw() -> None:
    ours, theirs = parameters(REST), parameters(REST)
    walk(ours, muon(ours), range(5))
    walk(theirs, torch.optim.AdamW(theirs, **KEYS, betas=(0.9, 0.99), eps=1e-8), range(5))
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_resumes() -> None:
    whole, parts = parameters(HIDDEN + REST), parameters(HIDDEN + REST)
    walk(whole, muon(whole), range(6))
    first = muon(parts)
    walk(parts, first, range(3))
    second = muon(parts)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    walk(parts, second, range(3, 6))
    assert all(torch.equal(p, q) for p, q in zip(whole, parts, strict=True))


def test_parameter_without_gradient_stays() -> None:
    frozen, moved = parameters([(32, 32), (32, 32)])
    before = frozen.detach().clone()
    walk([moved], muon([frozen, moved]), range(2))
    assert torch.equal(frozen, before)


@pytest.mark.parametrize(
    "wrong", [{"lr": -1.0}, {"eps": -1.0}, {"weight_decay": -0.1}, {"momentum": 1.0}, {"betas": (0.9, 1.5)}], ids=str
)
def test_wrong_values_are_named(wrong: dict[str, Any]) -> None:
    right = {"lr": 1e-3, "momentum": 0.9, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.0}
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        Muon([nn.Parameter(torch.zeros(2))], **{**right, **wrong})
