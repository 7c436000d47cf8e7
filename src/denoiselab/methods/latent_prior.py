"""A learned decoder as the prior: the decoded picture nearest to what was observed."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.methods.latent_search import Search, lowest, mean_square
from denoiselab.networks import check_fixed_size
from denoiselab.streams import Streams, mix


class LatentPrior(Method):
    """restored = G(z), z = argmin mean (G(z) - y)², where G is the decoder of an autoencoder of clean pictures.

    Seed 000; Bora et al. 2017 (arXiv:1703.03208). Of noise of variance σ² on n values about σ²K/n is left of K latent
    numbers, beside what the decoder can't show. The network has a `decoder` of `(N, latent_dim)`; it never sees noise.
    What an observation lost (its mask) doesn't count.

    search: the steps down. A picture is done when a step changes its error by no more than `tolerance`, or after
        `max_steps`; the seed's tolerance is 1e-6.
    restarts: from how many starts; the best fit is taken. A start is drawn from U(0, 1) by the seed alone and is the
        same for every picture, so that a restoration doesn't depend on its batch.
    """

    network: Any

    def __init__(self, *, search: Search, tolerance: float, max_steps: int, restarts: int, **shared: Any) -> None:
        super().__init__(**shared)
        if not hasattr(self.network, "decoder") or not hasattr(self.network, "latent_dim"):
            raise UserError(
                f"network: {type(self.network).__name__} has no decoder and latent_dim: take model=latent_autoencoder"
            )
        if tolerance < 0:
            raise UserError(f"tolerance={tolerance}: 0 or more is needed")
        for key, value in {"max_steps": max_steps, "restarts": restarts}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        self.search, self.tolerance, self.max_steps, self.restarts = search, tolerance, max_steps, restarts

    def describe(self) -> str:
        return f"{super().describe()} by {type(self.search).__name__}"

    def loss(self, batch: Batch, progress: float) -> Tensor:
        return self.objective(self.network(batch.target), batch, progress)

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        check_fixed_size(self.network, observation.value)
        with torch.autocast(observation.value.device.type, enabled=False):
            fits = [self.fitted(observation, start) for start in range(self.restarts)]
            errors = torch.stack([mean_square(self.residual(observation.value, observation.mask, z)) for z in fits])
            best = torch.stack(fits)[lowest(errors), torch.arange(errors.shape[1])]
            restored = self.network.decoder(best)
        return Estimate(observation.operator.project(restored, observation))

    def fitted(self, observation: Observation, start: int) -> Tensor:
        """Latent vectors `(N, K)`, each as near to its picture as the search comes from a start."""
        value, mask = observation.value.detach(), observation.mask
        drawn = Streams([mix(self.seed, "restore", start)]).uniform(self.network.latent_dim)
        z = drawn.to(value).repeat(len(value), 1)
        moving, before = torch.arange(len(value), device=value.device), value.new_full((len(value),), torch.inf)
        for _ in range(self.max_steps):
            residual = partial(self.residual, value[moving], None if mask is None else mask[moving])
            z[moving], error = self.search.step(residual, z[moving])
            still = (before - error).abs() > self.tolerance
            moving, before = moving[still], error[still]
            if not len(moving):
                break
        return z

    def residual(self, value: Tensor, mask: Tensor | None, z: Tensor) -> Tensor:
        """Decoded less observed, `(N, n)`; 0 where nothing was observed."""
        off = self.network.decoder(z) - value
        return (off if mask is None else off * mask).flatten(1)
