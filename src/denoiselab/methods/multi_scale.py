"""One network for several scales of super-resolution."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.networks import MDSR


class MultiScale(Method):
    """restored = network(input, scale), with the scale that the observation's `level` tells, or the network's own.

    Lim et al. 2017 (arXiv:1707.02921): each step trains one scale, drawn by the noise (`noise.scale=[2,3,4]`). A step
    moves the layers of its scale only.
    """

    skips_parameters = True
    network: MDSR

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        if not isinstance(self.network, MDSR):
            raise UserError(f"network: {type(self.network).__name__} has one scale only: take method=denoiser")

    def loss(self, batch: Batch, progress: float) -> Tensor:
        scale = batch.target.shape[-1] // batch.input.shape[-1]
        return self.objective(self.network(batch.input, scale), batch, progress)

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        scale = None if observation.level is None else round(float(observation.level[0]))
        return Estimate(self.network(observation.input, scale))
