"""What the Gaussian noises share: white noise of a level for each sample."""

import torch
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.degradations.ranges import per_sample
from denoiselab.streams import Streams


def awgn(clean: Tensor, streams: Streams, std: Tensor) -> Observation:
    """Y = x + std n, n ~ N(0, 1) for every value of `(N, ...)`; std `(N,)`, the observation's level."""
    noise = streams.normal(*clean.shape[1:]).to(clean)
    return Observation(torch.addcmul(clean, per_sample(std, clean), noise), level=std, std=std)
