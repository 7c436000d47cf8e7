"""A square of the picture lost, and known to be lost."""

import torch
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class BlockMask(Degradation):
    """y = m x, where m is 0 in one square of `size` x `size` pixels, anywhere within the picture.

    Where the mask is 1 every statistic is kept; as a target it counts only there.
    """

    keeps = frozenset(Statistic)
    independent = False
    loses = True

    def __init__(self, *, size: int) -> None:
        if size < 1:
            raise UserError(f"size={size}: a whole number of pixels from 1 on is needed")
        self.size = size

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        if min(clean.shape[-2:]) < self.size:
            raise UserError(f"noise.size={self.size}: larger than the picture of {clean.shape[-1]} x {clean.shape[-2]}")
        inside = []
        for side in clean.shape[-2:]:
            start = (streams.uniform() * (side - self.size + 1)).long().clamp(max=side - self.size)[:, None]
            place = torch.arange(side, device=clean.device)
            inside.append((place >= start) & (place < start + self.size))
        lost = inside[0][:, None, :, None] & inside[1][:, None, None, :]
        mask = (~lost).to(clean)
        return Observation(clean * mask, mask=mask)

    def describe(self) -> str:
        return f"a block of {self.size} x {self.size} erased"
