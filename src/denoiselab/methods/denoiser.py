"""The usual method: one network, one loss, one forward pass."""

from torch import Tensor

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.methods.base import Method
from denoiselab.networks import signature_of
from denoiselab.networks.padding import restore_whole


class Denoiser(Method):
    """restored = project(network(input)): what the observation measured exactly is put back."""

    def forward(self, observation: Observation) -> Tensor:
        """An observation `(N, C, H, W)` of any size -> estimate, `scale` times as large."""
        estimate = restore_whole(self.network, observation.input, signature_of(self.network))
        return observation.operator.project(estimate, observation)

    def loss(self, batch: Batch, progress: float) -> Tensor:
        return self.objective(self(batch.observation), batch, progress)

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        return Estimate(self(observation))
