"""A denoiser of radiance whose network sees it tone-mapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.domains import inverse_tone_map, tone_map
from denoiselab.methods.base import Method
from denoiselab.networks import signature_of
from denoiselab.networks.padding import restore_whole


class ToneMapped(Method):
    """restored = network(T(input), aux), radiance of any size of value; Lehtinen et al. 2018, section 3.3.

    T(v) = (v / (1 + v))^(1 / 2.2) takes the input's range from a network that would see one bright path and little
    else; auxiliary channels stay as they are. No light is negative: an output below 0 counts as 0.

    target: tone-map the target too. The output is then mapped back. As T bends, the mean of noisy T(y) is less than T
        of the mean: too dark, by the paper's own figures the worst choice, and refused with noisy targets unless
        `supervision.force=true`.
    """

    def __init__(self, *, target: bool, **parts: Any) -> None:
        super().__init__(**parts)
        self.target = target
        self.bends_target = target

    def forward(self, observation: Observation) -> Tensor:
        """An observation `(N, C, H, W)` -> the network's output, as the loss compares it."""
        seen = replace(observation, value=tone_map(observation.value))
        return restore_whole(self.network, seen.input, signature_of(self.network))

    def loss(self, batch: Batch, progress: float) -> Tensor:
        target = tone_map(batch.target) if self.target else batch.target
        return self.objective(self(batch.observation), replace(batch, target=target), progress)

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        estimate = self(observation)
        radiance = inverse_tone_map(estimate) if self.target else estimate.clamp(min=0)
        return Estimate(observation.operator.project(radiance, observation))
