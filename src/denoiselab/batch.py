"""The nouns that every part speaks in: what was pictured, observed, trained on and estimated.

Shapes: pictures are `(N, C, H, W)`; any other domain (points `(N, 2)`, vectors) keeps `N` first.
Photographs are float32 in [0, 1]; HDR radiance is >= 0 and unbounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import torch
from torch import Tensor


class Statistic(StrEnum):
    """What a degradation keeps of the clean value, and what an objective estimates."""

    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"


class Operator:
    """How an observation was measured; puts what was measured back into an estimate.

    The base operator measured nothing exactly, so `project` is the identity. MRI replaces the
    sampled frequencies, erasure refills the known pixels.
    """

    def project(self, estimate: Tensor, observation: Observation) -> Tensor:
        """Estimate `(N, C, H, W)` -> the nearest one that agrees with what was measured."""
        return estimate


@dataclass
class Observation:
    """What is left of a picture after a degradation.

    value: the corrupted picture, never clipped unless the degradation says so.
    mask: 1 where a value was observed, 0 where it was lost; broadcasts to `value`. None: all seen.
    level: `(N,)` the strength drawn for each sample, in the degradation's own unit.
    std: `(N,)` of noise that is everywhere alike (AWGN), which classical methods ask for. None: it isn't, or unknown.
    aux: auxiliary channels `(N, A, H, W)` that were never corrupted (albedo, normals).
    """

    value: Tensor
    mask: Tensor | None = None
    level: Tensor | None = None
    std: Tensor | None = None
    operator: Operator = field(default_factory=Operator)
    aux: Tensor | None = None

    @property
    def input(self) -> Tensor:
        """What a network sees: the value, and the auxiliary channels behind it."""
        return self.value if self.aux is None else torch.cat((self.value, self.aux), dim=1)


@dataclass
class Pictures:
    """What a data source knows of a batch: the clean picture, recorded noisy shots, or both.

    shots: noisy recordings of the same scene, aligned with each other and with `clean`.
    aux: auxiliary channels that join the input and are never corrupted (albedo, normals).
    index: `(N,)` which samples of the source these are.
    """

    index: Tensor
    clean: Tensor | None = None
    shots: tuple[Tensor, ...] = ()
    aux: Tensor | None = None
    label: Tensor | None = None


@dataclass
class Batch:
    """One training or test batch: what was observed, what is asked for, and how much each value counts.

    weight: broadcasts to `target`; 0 where the target says nothing (an erased pixel).
    neighbours: `(N, 2, H / 2, W / 2)` the pixels of each 2 × 2 cell, 0 to 3 row by row, that make an input and a target
        of one picture (Neighbor2Neighbor).
    """

    observation: Observation
    target: Tensor
    index: Tensor
    weight: Tensor | None = None
    clean: Tensor | None = None
    label: Tensor | None = None
    neighbours: Tensor | None = None

    @property
    def input(self) -> Tensor:
        """What the network sees."""
        return self.observation.input


@dataclass
class Estimate:
    """A restored picture: the mean estimate `(N, C, H, W)`, and samples `(S, N, C, H, W)` if any."""

    mean: Tensor
    samples: Tensor | None = None
