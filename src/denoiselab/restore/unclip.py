"""What clipped noise left in a restored picture: grayish blacks and whites, set right again."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from denoiselab.diagnosis import Diagnosis
from denoiselab.diagnosis.clipping import clipped_moments
from denoiselab.networks.padding import Restore

STEPS, FAINTEST = 256, 1e-6
"""Intensities of the table; a std that is none."""


def unclipping(restore: Restore, found: Diagnosis) -> Restore:
    """The same, followed by the inverse of the mean that a value in [0, 1] has under the noise when it is clipped.

    A network that learned from noise that isn't clipped gives that mean, which lies above black and below white
    (Foi 2009, doi:10.1016/j.sigpro.2009.04.035). Each value by itself, so that tiles stay exact.
    """
    light = np.linspace(0, 1, STEPS + 1)
    means = [clipped_moments(value, max(found.std_at(value), FAINTEST))[0] for value in light.tolist()]
    table = torch.from_numpy(np.maximum.accumulate(means)).float()

    def restored(part: Tensor) -> Tensor:
        seen = restore(part)
        mean = table.to(seen.device)
        after = torch.bucketize(seen.float().contiguous(), mean).clamp(1, STEPS)
        low, high = mean[after - 1], mean[after]
        value = (after - 1 + (seen - low) / (high - low).clamp_min(FAINTEST)) / STEPS
        return value.clamp(0, 1).to(seen.dtype)

    return restored
