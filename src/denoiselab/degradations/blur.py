"""Gaussian blur."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.batch import Observation
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range
from denoiselab.streams import Streams


class Blur(Degradation):
    """y = x * G, the normalised Gaussian of standard deviation `radius_px`, cut at 3 of them; borders are mirrored.

    radius_px: in pixels, or `[low, high]`, drawn uniformly for each picture.

    Keeps no statistic of the picture's own pixels and is no target. `Observation.level` is the radius.
    """

    keeps = frozenset()
    may_be_target = False
    independent = False

    def __init__(self, *, radius_px: float | Sequence[float]) -> None:
        self.radius_px = Range.of("radius_px", radius_px)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.radius_px.draw(streams)
        reach = int(3 * self.radius_px.high + 0.5)
        distance = torch.arange(-reach, reach + 1, device=clean.device)
        exponent = -0.5 * (distance / level.clamp_min(1e-3)[:, None]).square()
        kernels = exponent.softmax(1).to(clean)
        value = clean
        for axis in (-1, -2):
            value = convolved(value, kernels, axis)
        return Observation(value, level=level)

    def describe(self) -> str:
        return f"Gaussian blur, radius {self.radius_px.describe(' px')}"


def convolved(pictures: Tensor, kernels: Tensor, axis: int) -> Tensor:
    """`(N, C, H, W)` with each its own kernel `(N, K)`, along one axis, the borders mirrored as often as it takes."""
    side, reach = pictures.shape[axis], kernels.shape[1] // 2
    place = torch.arange(-reach, side + reach, device=pictures.device) % max(1, 2 * side - 2)
    mirrored = torch.where(place < side, place, 2 * side - 2 - place).clamp(0, side - 1)
    lines = pictures.index_select(axis, mirrored).movedim(axis, -1)
    n, channels, across, along = lines.shape
    out = F.conv1d(lines.permute(1, 2, 0, 3).reshape(-1, n, along), kernels[:, None], groups=n)
    return out.reshape(channels, across, n, side).permute(2, 0, 1, 3).movedim(-1, axis)
