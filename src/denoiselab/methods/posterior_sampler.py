"""A conditional GAN that samples what may have been there, in place of the mean of all of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import LambdaLR

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.networks import signature_of
from denoiselab.networks.padding import restore_whole
from denoiselab.streams import Streams, mix


class PosteriorSampler(Method):
    """G(y, z) of noise z, against a critic D(x, y) that tells it from clean pictures by the hinge loss.

    Seed 001's adversarial denoiser. The mean of the samples is held to E[X | y], as in Ohayon et al. 2021
    (arXiv:2103.04192): by the run's objective (L2) on the mean of two samples, less what their distance adds to it, so
    that their own spread costs nothing: (x - (a + b) / 2)² - ((a - b) / 2)² = (x - a)(x - b), of mean (x - E G)².

    critic: pictures and what was observed of them, channels together, -> `(N,)`.
    weight: of the critic in the generator's loss.
    noise_channels: the channels of z, which the network takes behind those of the picture.
    decay: of the moving average of G's weights, a step; the average restores.
    samples: of how many the mean is that is restored, where not more are asked for. Sample k has the same z for every
        picture, so that a restoration doesn't depend on its batch.

    Two optimizers of one kind (the run's) step in turn; a step of the run is one of each.
    """

    samples_target = True
    skips_parameters = True

    def __init__(
        self, *, critic: nn.Module, weight: float, noise_channels: int, decay: float, samples: int, **shared: Any
    ) -> None:
        super().__init__(**shared)
        if weight < 0:
            raise UserError(f"weight={weight}: 0 or more is needed")
        if not 0 <= decay < 1:
            raise UserError(f"decay={decay}: a part from 0 to less than 1 is needed")
        for key, value in {"noise_channels": noise_channels, "samples": samples}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        if len(self.phases) > 1:
            raise UserError("phases: the two players have one phase: take optimizer=adam")
        self.critic, self.weight, self.noise_channels = critic, weight, noise_channels
        self.decay, self.samples = decay, samples
        self.average = deepcopy(self.network).requires_grad_(False)
        self.automatic_optimization = False

    @classmethod
    def network_channels(cls, channels: int, node: Mapping[str, Any]) -> int:
        more = node.get("noise_channels")
        return channels + more if isinstance(more, int) else channels  # what is no number is refused later

    @property
    def in_channels(self) -> int | None:
        wanted = signature_of(self.network).in_channels
        return None if wanted is None else wanted - self.noise_channels

    def candidate(self, network: nn.Module, observation: Observation, z: Tensor) -> Tensor:
        """What a network makes of an observation and noise `(N, noise_channels, H, W)`."""
        seen = torch.cat((observation.input, z.to(observation.input)), 1)
        made = restore_whole(network, seen, signature_of(network))
        return observation.operator.project(made, observation)

    def drawn(self, observation: Observation) -> Tensor:
        """A sample in training."""
        value = observation.value
        z = torch.randn(len(value), self.noise_channels, *value.shape[2:], device=value.device)
        return self.candidate(self.network, observation, z)

    def judged(self, picture: Tensor, observation: Observation) -> Tensor:
        """The critic's mark `(N,)`: positive for what looks real."""
        mark: Tensor = self.critic(torch.cat((picture, observation.input.to(picture)), 1))
        return mark.float()

    def loss(self, batch: Batch, progress: float) -> Tensor:
        """The generator's."""
        first, second = (self.drawn(batch.observation) for _ in range(2))
        mean = self.objective((first + second) / 2, batch, progress) - ((first - second) / 2).square().mean()
        return mean - self.weight * self.judged(first, batch.observation).mean()

    def critic_loss(self, batch: Batch) -> Tensor:
        """The hinge loss: clean pictures above 1, samples below -1."""
        with torch.no_grad():
            made = self.drawn(batch.observation)
        real, false = (self.judged(picture, batch.observation) for picture in (batch.target, made))
        return F.relu(1 - real).mean() + F.relu(1 + false).mean()

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        self.fix_randomness()
        optimizers: Any = self.optimizers()
        generator, critic = optimizers
        against = self.critic_loss(batch)
        critic.zero_grad()
        self.manual_backward(against)
        critic.optimizer.step()  # not through Lightning, which would count it as a step of the run
        self.critic.requires_grad_(False)
        loss = self.loss(batch, self.progress)
        generator.zero_grad()
        self.manual_backward(loss)
        generator.step()
        self.critic.requires_grad_(True)
        schedules: Any = self.lr_schedulers()
        for schedule in schedules:
            schedule.step()
        self.follow()
        if self.logged:
            self.log("critic", against, batch_size=len(batch.index), sync_dist=True)
        return loss

    @torch.no_grad()
    def follow(self) -> None:
        """Move the average towards the generator; what that counts or averages itself is its own."""
        for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(now, 1 - self.decay)
        for own, theirs in zip(self.average.buffers(), self.network.buffers(), strict=True):
            own.copy_(theirs)

    def configure_optimizers(self) -> Any:
        """One for the generator, one for the critic, of the run's kind."""
        phase, total = self.phases[0], max(1, int(self.trainer.estimated_stepping_batches))
        optimizers = [phase.optimizer(list(player.parameters())) for player in (self.network, self.critic)]
        return optimizers, [LambdaLR(one, lambda step: phase.schedule(step / total)) for one in optimizers]

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        value = observation.value
        shape = (self.noise_channels, *value.shape[2:])
        many = max(n, self.samples)
        z = Streams([mix(self.seed, "restore", k) for k in range(many)]).normal(*shape)
        made = [self.candidate(self.average, observation, one.expand(len(value), *shape).to(value)) for one in z]
        samples = torch.stack(made)
        return Estimate(samples.mean(0), samples[:n])
