"""The method contract: a network, an objective, phases of training, and a way to restore."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import lightning.pytorch as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.domains import Domain
from denoiselab.methods.phases import Phase, phase_at
from denoiselab.metrics import figure
from denoiselab.networks import signature_of
from denoiselab.objectives import Objective
from denoiselab.streams import mix

HALFWAY = 0.5
"""The progress at which noisy pairs are validated: at 1 an annealed L0 finds all pictures alike."""


class Method(pl.LightningModule, ABC):
    """How a network learns and how it restores.

    position: batches begun so far; all random choices of a step follow from it, so that a run
        resumes where it stopped. Checkpoints are made between two batches.
    bends_target: whether the loss sees targets mapped by more than a factor and a shift, which no mean survives.
    new_optimizer: the one that the run goes on with, where it isn't its checkpoint's: whose state says nothing to it.
    compiled: whether training steps run the network through torch.compile.
    halves: whether it takes halves of a picture as input and target, which its supervision has to name for it.
    samples_target: whether it learns to draw such targets, not their mean: noisy ones, where they are noisy.
    skips_parameters: whether a step leaves some without a gradient, for which devices wait unless they are told.
    domain: what it answers with, where that is no picture (a class); None: what the data says.

    A checkpoint at the end of a phase holds the state of an optimizer that the next phase has no use for.
    """

    halves: ClassVar[bool] = False
    domain: ClassVar[Domain | None] = None
    samples_target: ClassVar[bool] = False
    skips_parameters: ClassVar[bool] = False
    bends_target: bool = False

    def __init__(self, *, network: nn.Module, objective: Objective, phases: Sequence[Phase], seed: int) -> None:
        super().__init__()
        self.network, self.objective, self.phases, self.seed = network, objective, tuple(phases), seed
        self.position = 0
        self.total = 0
        self.compiled = False
        self.new_optimizer = ""

    def compile_network(self) -> None:
        """Compile the network for the crops it trains on; its weights keep their names."""
        self.network.compile()
        self.compiled = True

    def on_validation_start(self) -> None:
        """Pictures to validate on go through the network as it is: every other size would be compiled anew."""
        if self.compiled:
            torch.compiler.set_stance("force_eager")

    def on_validation_end(self) -> None:
        if self.compiled:
            torch.compiler.set_stance("default")

    def describe(self) -> str:
        """The way in a few words, for the lines about a run."""
        return type(self).__name__

    @classmethod
    def network_channels(cls, channels: int, node: Mapping[str, Any]) -> int:
        """Those that its network takes, for observations of so many; node: the method in the configuration."""
        return channels

    @property
    def in_channels(self) -> int | None:
        """Channels of the pictures that it restores; None: the network doesn't care."""
        return signature_of(self.network).in_channels

    @abstractmethod
    def loss(self, batch: Batch, progress: float) -> Tensor:
        """Batch and the part of the run done -> scalar to descend."""

    @abstractmethod
    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """The single way by which a picture is got out; `n` samples where the method can sample."""

    def on_fit_start(self) -> None:
        self.total = int(self.trainer.estimated_stepping_batches)
        self._phase = phase_at(self.phases, self.position)[0]

    @property
    def progress(self) -> float:
        """Part of the run that was done before the batch in hand, in [0, 1]."""
        return min(1.0, max(0, self.position - 1) / max(1, self.total))

    @property
    def logged(self) -> bool:
        """Whether loggers see the batch in hand."""
        every: int = self.trainer.log_every_n_steps  # type: ignore[attr-defined]
        return bool(self.trainer.should_stop or (every and self.position % every == 0))

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """Count the batch."""
        self.position += 1

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """The loss of the batch; evaluated again (L-BFGS), with the same randomness (dropout)."""
        self.fix_randomness()
        return self.loss(batch, self.progress)

    def fix_randomness(self) -> None:
        """Seed the generators by the batch in hand.

        The generators in use: `torch.manual_seed` keeps a traceback of every call for devices that aren't there.
        """
        seed = mix(self.seed, "step", self.position - 1, self.global_rank)
        torch.default_generator.manual_seed(seed)
        if self.device.type == "cuda":
            torch.cuda.manual_seed(seed)
        elif self.device.type != "cpu":
            torch.manual_seed(seed)

    def configure_gradient_clipping(
        self,
        optimizer: Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """By torch, for Lightning refuses fused optimizers; those leave float16's gradients scaled until they step."""
        scaler = getattr(self.trainer.precision_plugin, "scaler", None)
        if gradient_clip_val and scaler and getattr(optimizer, "_step_supports_amp_scaling", False):
            scaler.unscale_(optimizer)
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        if gradient_clip_val and gradient_clip_algorithm == "value":
            nn.utils.clip_grad_value_(parameters, gradient_clip_val)
        elif gradient_clip_val:
            nn.utils.clip_grad_norm_(parameters, gradient_clip_val)

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Log the loss of the steps that loggers see, for which devices meet; enter the next phase in its time."""
        if self.logged:
            self.log("loss", outputs["loss"], on_step=True, on_epoch=False, batch_size=len(batch.index), sync_dist=True)
        if (phase := phase_at(self.phases, self.position)[0]) != self._phase:
            self._phase = phase
            self.trainer.strategy.setup_optimizers(self.trainer)

    def validation_step(self, batch: Batch, batch_idx: int) -> dict[str, Tensor]:
        """The domain's figure where a clean sample is known, else the loss on the held-out noisy pair.

        What is returned is in the space in which it is compared: radiance tone-mapped.
        """
        domain: Domain = getattr(self.trainer, "datamodule").domain  # noqa: B009
        restored = self.restore(batch.observation).mean
        pictures = {"noisy": batch.observation.value, "restored": restored}
        if batch.clean is None:
            name, value = "val/loss", self.loss(batch, HALFWAY)
        else:
            name, value = f"val/{domain.figure.name}", figure(domain, restored, batch.target).mean()
            pictures["clean"] = batch.clean
        self.log(name, value, batch_size=len(batch.index), on_epoch=True, sync_dist=True)
        return {name: domain.measured(picture) for name, picture in pictures.items()}

    def configure_optimizers(self) -> Any:
        """The optimizer of the phase that the run is in, its rate following the phase's schedule."""
        number, start = phase_at(self.phases, self.position)
        phase = self.phases[number]
        total = phase.steps or max(1, int(self.trainer.estimated_stepping_batches) - start)
        optimizer = phase.optimizer(phase.parameters(self))
        schedule = LambdaLR(optimizer, lambda step: phase.schedule(step / total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Where the data goes on."""
        checkpoint["position"] = self.position

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.position = checkpoint["position"]
        if 0 < self.position == phase_at(self.phases, self.position)[1]:
            checkpoint["optimizer_states"], checkpoint["lr_schedulers"] = [], []
        for state in checkpoint["optimizer_states"] if self.new_optimizer else []:
            state["state"] = {}
