"""JPEG compression."""

import io
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.units import to_float, to_uint8


class Jpeg(Degradation):
    """y = x as 8-bit JPEG (libjpeg's, through Pillow; 4:2:0 colours) and back; runs on the CPU.

    quality: 1 to 95, or `[low, high]`, a whole number drawn uniformly for each picture.

    Its errors depend on the picture and have no mean of zero: no target. `Observation.level` is the quality.
    """

    keeps = frozenset()
    may_be_target = False
    independent = False

    def __init__(self, *, quality: float | Sequence[float]) -> None:
        self.quality = Range.of("quality", quality, least=1, most=95)

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        if clean.shape[1] not in (1, 3):
            raise UserError(f"noise=jpeg: pictures of 1 or 3 channels are needed, not {clean.shape[1]}")
        level = self.quality.draw(streams).round()
        pixels = to_uint8(clean).cpu().permute(0, 2, 3, 1).numpy()
        pairs = zip(pixels, level.tolist(), strict=True)
        value = torch.stack([to_float(torch.from_numpy(compressed(x, int(q)))).permute(2, 0, 1) for x, q in pairs])
        return Observation(value.to(clean), level=level)

    def describe(self) -> str:
        return f"JPEG, quality {self.quality.describe()}"


def compressed(pixels: np.ndarray, quality: int) -> np.ndarray:
    """`(H, W, C)` uint8, one or three channels, through a JPEG file in memory."""
    file = io.BytesIO()
    Image.fromarray(pixels.squeeze(2) if pixels.shape[2] == 1 else pixels).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file)).reshape(pixels.shape)
