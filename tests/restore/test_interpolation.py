"""More pixels by a kernel: as Pillow makes them."""

import numpy as np
import pytest
import torch
from PIL import Image

from denoiselab.batch import Observation
from denoiselab.restore.interpolation import Bicubic, Bilinear, Interpolation


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize(
    ("kind", "pillows"), [(Bilinear, Image.Resampling.BILINEAR), (Bicubic, Image.Resampling.BICUBIC)]
)
def test_it_is_pillows(kind: type[Interpolation], pillows: Image.Resampling, scale: int) -> None:
    small = torch.rand(2, 3, 13, 17)
    larger = kind(scale=scale).restore(Observation(small)).mean
    size = (17 * scale, 13 * scale)
    expected = [[np.asarray(Image.fromarray(c.numpy()).resize(size, pillows)) for c in picture] for picture in small]
    np.testing.assert_allclose(larger.numpy(), np.array(expected), atol=1e-5)
