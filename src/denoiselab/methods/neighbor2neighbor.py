"""Neighbor2Neighbor: two neighbours of a noisy picture are two noisy pictures (Huang et al. 2021, arXiv:2101.02824)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from denoiselab.batch import Batch, Observation
from denoiselab.errors import UserError
from denoiselab.methods.denoiser import Denoiser


class Neighbor2Neighbor(Denoiser):
    """loss = |f(g1 y) - g2 y|² + gamma · progress · |f(g1 y) - g2 y - (g1 f(y) - g2 f(y))|².

    g1 and g2 take the two neighbours of each 2 × 2 cell that the batch names, so they halve the size. The second term,
    without a gradient through f(y), makes up for the two not showing the same scene. The first is the objective given.
    """

    halves = True

    def __init__(self, *, gamma: float, **parts: Any) -> None:
        super().__init__(**parts)
        if gamma < 0:
            raise UserError(f"gamma={gamma}: at least 0 is needed")
        self.gamma = gamma

    def loss(self, batch: Batch, progress: float) -> Tensor:
        seen, neighbours = batch.observation.value, batch.neighbours
        assert neighbours is not None
        first, second = neighbours.unbind(1)
        with torch.no_grad():
            whole = self(batch.observation).to(seen.dtype)
        aux = None if batch.observation.aux is None else picked(batch.observation.aux, first)
        half = Observation(picked(seen, first), aux=aux)
        restored, target = self(half), picked(seen, second)
        weight = None if batch.weight is None else picked(batch.weight, second)
        gap = restored - target - (picked(whole, first) - picked(whole, second))
        pair = replace(batch, observation=half, target=target, weight=weight)
        seen_only = gap.square() if weight is None else gap.square() * weight / weight.mean().clamp_min(1e-6)
        return self.objective(restored, pair, progress) + self.gamma * progress * seen_only.mean()


def picked(pictures: Tensor, which: Tensor) -> Tensor:
    """`(N, C, H, W)` -> the pixel of each 2 × 2 cell that is named: `(N, C, H / 2, W / 2)`."""
    height, width = (side // 2 * 2 for side in pictures.shape[2:])
    cells = pictures[..., :height, :width].unflatten(3, (-1, 2)).unflatten(2, (-1, 2)).movedim(3, 4).flatten(4)
    return cells.gather(4, which[:, None, :, :, None].expand(*cells.shape[:4], 1)).squeeze(4)
