"""Luma against scikit-image's rgb2ycbcr."""

import numpy as np
import pytest
import skimage.color
import skimage.data
import torch

from denoiselab.errors import UserError
from denoiselab.metrics import luma


def test_agrees_with_scikit_image() -> None:
    pixels = skimage.data.astronaut()[100:109, 50:63]
    expected = skimage.color.rgb2ycbcr(pixels)[..., 0] / 255
    picture = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    np.testing.assert_allclose(luma(picture)[0, 0].numpy(), expected, atol=1e-6)


def test_black_and_white_are_16_and_235() -> None:
    assert 255 * luma(torch.zeros(1, 3, 1, 1)).item() == pytest.approx(16)
    assert 255 * luma(torch.ones(1, 3, 1, 1)).item() == pytest.approx(235)


def test_one_channel_is_a_luma_already() -> None:
    gray = torch.rand(2, 1, 3, 4)
    assert torch.equal(luma(gray), gray)


def test_other_channels_are_refused() -> None:
    with pytest.raises(UserError, match=r"protocol\.luma=true needs 1 or 3 channels, not 4"):
        luma(torch.zeros(1, 4, 2, 2))
