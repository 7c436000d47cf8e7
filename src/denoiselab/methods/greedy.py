"""Greedy pretraining: layer after layer learns to restore its own input, then all of them to classify."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.batch import Batch, Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.domains import CLASSES, Domain
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.methods.phases import phase_at
from denoiselab.networks import StackedAutoencoder
from denoiselab.streams import Streams, mix


class GreedyClassifier(Method):
    """A stack of denoising autoencoders as the start of a classifier: Vincent et al. 2010 (JMLR 11).

    In phase k the run's objective holds what layer k makes of its corrupted input against that input; in the last
    phase the cross-entropy of the labels moves all of it, with a new layer of classes on top. One phase alone is the
    classifier without pretraining; noise that does nothing is the stack of ordinary autoencoders (SAE). Pictures are
    corrupted by the data, latent vectors here, by the same noise.

    classes: how many there may be.

    What is restored is the class: its probabilities `(N, classes)`, by the clean picture. Needs supervision=label.
    """

    domain: ClassVar[Domain | None] = CLASSES
    skips_parameters = True
    network: StackedAutoencoder

    def __init__(self, *, classes: int, degradation: Degradation, **shared: Any) -> None:
        super().__init__(**shared)
        if not isinstance(self.network, StackedAutoencoder):
            raise UserError(
                f"network: {type(self.network).__name__} is no stack of layers: take model=stacked_autoencoder"
            )
        if classes < 2:
            raise UserError(f"classes={classes}: at least 2 are needed")
        if len(self.phases) not in (1, len(self.network.layers) + 1):
            raise UserError(
                f"phases: there are {len(self.phases)} for {len(self.network.layers)} layers: one for each and one for "
                f"the labels are needed (optimizer=greedy has three layers), or one for the labels alone"
            )
        self.degradation = degradation
        self.top = nn.Linear(self.network.num_features, classes)
        nn.init.zeros_(self.top.weight)
        nn.init.zeros_(self.top.bias)

    def loss(self, batch: Batch, progress: float) -> Tensor:
        phase = phase_at(self.phases, max(0, self.position - 1))[0]
        if phase == len(self.phases) - 1:
            return self.classifying(batch)
        return self.restoring(phase, batch, progress)

    def classifying(self, batch: Batch) -> Tensor:
        """The cross-entropy of the labels, by the clean pictures."""
        if batch.clean is None or batch.label is None:
            raise UserError("supervision: pictures and their classes are needed: take supervision=label data=mnist")
        return F.cross_entropy(self.logits(batch.clean), batch.label)

    def restoring(self, depth: int, batch: Batch, progress: float) -> Tensor:
        """The loss of the layer above `depth` layers as a denoising autoencoder."""
        if batch.clean is None:
            raise UserError("data: greedy pretraining needs clean pictures: take data=mnist")
        with torch.no_grad():
            clean = self.network.encode(batch.clean, depth).to(batch.clean)
            noisy = batch.input.flatten(1) if depth == 0 else self.corrupted(clean, batch.index)
        layer = self.network.layers[depth]
        return self.objective(layer.decode(layer.encode(noisy)), replace(batch, target=clean, weight=None), progress)

    def corrupted(self, latent: Tensor, index: Tensor) -> Tensor:
        """Latent vectors `(N, K)` under the run's noise, as if each were a picture of one row."""
        streams = Streams([mix(self.seed, "latent", self.position, i) for i in index.tolist()], latent.device)
        return self.degradation(latent[:, None, None], streams).value.flatten(1)

    def logits(self, picture: Tensor) -> Tensor:
        """Pictures -> the logarithms of the classes' probabilities, but for a constant: `(N, classes)`."""
        out: Tensor = self.top(self.network.encode(picture, len(self.network.layers)))
        return out.float()

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        return Estimate(self.logits(observation.value).softmax(1))
