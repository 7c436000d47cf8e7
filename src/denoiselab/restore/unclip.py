"""What clipped noise left in a restored picture: grayish blacks and whites, set right again."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from denoiselab.diagnosis import Diagnosis
from denoiselab.diagnosis.clipping import FAINTEST, clipped_moments
from denoiselab.networks.padding import Restore

PLACES = 257
"""Intensities at which the mean is known; between them it is a line."""


def unclipping(restore: Restore, found: Diagnosis) -> Restore:
    """The same, followed by the inverse of the mean that a value in [0, 1] has under the noise when it is clipped.

    A network that learned from noise that isn't clipped gives that mean, which lies above black and below white
    (Foi 2009, doi:10.1016/j.sigpro.2009.04.035). Each value by itself, so that tiles stay exact.
    """
    light = np.linspace(0, 1, PLACES)
    means = [clipped_moments(value, max(found.std_at(value), FAINTEST))[0] for value in light.tolist()]
    rising = np.maximum.accumulate(means)

    def restored(part: Tensor) -> Tensor:
        seen = restore(part)
        return torch.from_numpy(np.interp(seen.float().cpu().numpy(), rising, light)).to(seen)

    return restored
