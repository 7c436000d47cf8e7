"""A flow from noise to what may have been there: samples of X | y by a network that learns by the squared error."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.networks import signature_of
from denoiselab.networks.padding import restore_whole
from denoiselab.streams import Streams, mix


class FlowSampler(Method):
    """D(y, x_t, t) learns E[x | y, x_t] on the lines x_t = (1 - t) z + t x from white noise z to a picture x.

    Conditional flow matching with straight lines (Lipman et al. 2023, arXiv:2210.02747; Liu et al. 2023,
    arXiv:2209.03003), by a network that predicts the picture, so that any denoiser will do. Along
    dx/dt = (D - x) / (1 - t) noise becomes a draw of X | y. At t = 0 nothing is known but y, so that D is the mean of
    all of them, in one pass.

    The network takes the observation's channels, as many of x_t, and one that is t everywhere; pictures in [0, 1].

    steps: of Euler's rule from t = 0 to 1. Sample k begins with the same z for every picture, so that a restoration
        doesn't depend on its batch.
    """

    samples_target = True

    def __init__(self, *, steps: int, **shared: Any) -> None:
        super().__init__(**shared)
        if steps < 1:
            raise UserError(f"steps={steps}: 1 or more are needed")
        wanted = signature_of(self.network).in_channels
        if wanted is not None and (wanted < 3 or wanted % 2 == 0):
            raise UserError(
                f"network: {wanted} channels, but a flow takes twice the picture's and one more: leave "
                f"model.in_channels away"
            )
        self.steps = steps

    @classmethod
    def network_channels(cls, channels: int, node: Mapping[str, Any]) -> int:
        return 2 * channels + 1

    @property
    def in_channels(self) -> int | None:
        wanted = signature_of(self.network).in_channels
        return None if wanted is None else (wanted - 1) // 2

    def predicted(self, observation: Observation, x: Tensor, t: Tensor) -> Tensor:
        """The picture that is expected at the places x `(N, C, H, W)` and times t `(N, 1, 1, 1)` of the lines."""
        value = observation.input
        seen = torch.cat((value, x.to(value), t.to(value).expand_as(x[:, :1])), 1)
        estimate = restore_whole(self.network, seen, signature_of(self.network))
        return observation.operator.project(estimate, observation)

    def loss(self, batch: Batch, progress: float) -> Tensor:
        x = batch.target
        t = torch.rand(len(x), 1, 1, 1, device=x.device)
        seen = torch.lerp(torch.randn_like(x), x, t)
        return self.objective(self.predicted(batch.observation, seen, t), batch, progress)

    def drawn(self, observation: Observation, z: Tensor) -> Tensor:
        """Where the flow takes noise `(N, C, H, W)`."""
        x, times = z, torch.linspace(0, 1, self.steps + 1).tolist()
        for now, then in pairwise(times):
            ahead = self.predicted(observation, x, torch.full((len(x), 1, 1, 1), now, device=x.device)).float()
            x = torch.lerp(x, ahead, (then - now) / (1 - now))
        return x

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """The mean of all that may have been there; beside it n samples, where more than one is asked for."""
        value = observation.value
        mean = self.predicted(observation, torch.zeros_like(value), value.new_zeros(len(value), 1, 1, 1))
        if n == 1:
            return Estimate(mean)
        noise = Streams([mix(self.seed, "restore", k) for k in range(n)]).normal(*value.shape[1:])
        samples = [self.drawn(observation, one.to(value.device).expand(value.shape)) for one in noise]
        return Estimate(mean, torch.stack(samples))
