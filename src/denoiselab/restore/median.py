"""The median of a neighbourhood, against pixels that were replaced."""

import numpy as np
import torch
from scipy.ndimage import median_filter

from denoiselab.batch import Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.restore.baseline import Baseline, replaces


class Median(Baseline):
    """The median filter (Tukey 1977), each channel for itself, on the CPU.

    Its window is 3 pixels wide and grows by 2 with every fifth of the pixels that the noise replaced
    (`Observation.level`), so that enough of the others are in it.
    """

    name = "median"

    def suits(self, degradation: Degradation) -> bool:
        return replaces(degradation) and not degradation.loses

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        value = observation.value
        parts = [0.0] * len(value) if observation.level is None else observation.level.flatten().tolist()
        sides = [3 + 2 * int(5 * part) for part in parts]
        pictures = value.detach().float().cpu().numpy()
        restored = [median_filter(p, size=(1, side, side)) for p, side in zip(pictures, sides, strict=True)]
        return Estimate(torch.from_numpy(np.stack(restored)).to(value))
