"""Luma, the channel that super-resolution papers measure."""

from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.units import EIGHT_BIT

OFFSET = 16.0
WEIGHTS = (65.481, 128.553, 24.966)


def luma(picture: Tensor) -> Tensor:
    """RGB `(N, 3, H, W)` in [0, 1] -> Y `(N, 1, H, W)` in [16/255, 235/255].

    Source: ITU-R BT.601 at limited range, as MATLAB's rgb2ycbcr on doubles; not rounded afterwards
    (EDSR's own code does not round either). One channel passes unchanged: it is a luma already.
    The limited range shrinks a gray error by (235 − 16) / 255, which reads as 1.3 dB more: such a
    figure compares only with others on luma.
    """
    if picture.shape[1] == 1:
        return picture
    if picture.shape[1] != 3:
        raise UserError(f"protocol.luma=true needs 1 or 3 channels, not {picture.shape[1]}: set protocol.luma=false")
    weights = picture.new_tensor(WEIGHTS).view(1, 3, 1, 1)
    return ((picture * weights).sum(1, keepdim=True) + OFFSET) / EIGHT_BIT
