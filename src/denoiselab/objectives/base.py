"""The objective contract: prediction and batch -> scalar, and which statistic it estimates."""

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from denoiselab.batch import Batch, Statistic
from denoiselab.errors import UserError


class Objective(nn.Module, ABC):
    """A loss over a batch.

    estimates: the statistic of the target's distribution at which the expected loss is least.
    weighs: whether `batch.weight` counts, so that what a target lost is left out.
    """

    estimates: ClassVar[Statistic]
    weighs: ClassVar[bool] = False

    @abstractmethod
    def forward(self, prediction: Tensor, batch: Batch, progress: float) -> Tensor:
        """Prediction (shape of `batch.target`) -> scalar; `progress` in [0, 1] is the run's part done."""


class Pointwise(Objective):
    """The weighted mean of a penalty of each value: sum(w * penalty) / sum(w), 0 if no value counts.

    A half-precision prediction is taken to float32 first.
    """

    weighs: ClassVar[bool] = True

    def forward(self, prediction: Tensor, batch: Batch, progress: float) -> Tensor:
        if prediction.shape != batch.target.shape:
            raise UserError(
                f"the network gives {tuple(prediction.shape)} for a target of {tuple(batch.target.shape)}: "
                "set model.out_channels to the target's channels, or take a network of the noise's scale"
            )
        precise = prediction.float() if prediction.dtype.itemsize < 4 else prediction
        penalty = self.penalty(precise, batch.target, progress)
        if batch.weight is None:
            return penalty.mean()
        weight = batch.weight.to(penalty.dtype).expand_as(penalty)
        return (weight * penalty).sum() / weight.sum().clamp_min(torch.finfo(penalty.dtype).tiny)

    @abstractmethod
    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        """The penalty of each value, in the shape of `target`."""
