"""Binary cross-entropy for values in [0, 1]."""

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Statistic
from denoiselab.errors import UserError
from denoiselab.objectives.base import Pointwise


class BCE(Pointwise):
    """-(y log f + (1 - y) log(1 - f)); estimates the mean. f and y in [0, 1]: the network ends in a sigmoid.

    Its least value is the entropy of y, not 0. The logarithms are cut at -100, as torch's are.
    """

    estimates: ClassVar[Statistic] = Statistic.MEAN

    def penalty(self, prediction: Tensor, target: Tensor, progress: float) -> Tensor:
        with torch.autocast(prediction.device.type, enabled=False):  # which refuses it
            try:
                return F.binary_cross_entropy(prediction, target, reduction="none")
            except RuntimeError as error:
                if "between 0 and 1" not in str(error):
                    raise
                reason = (
                    "targets leave [0, 1], as where noise is added to them"
                    if "target" in str(error)
                    else "the network's output leaves [0, 1], it has to end in a sigmoid"
                )
                raise UserError(f"loss=bce: {reason}: take loss=l2") from error
