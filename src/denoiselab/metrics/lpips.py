"""Learned perceptual similarity, one value a picture, where its weights are at hand."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

SMALLEST = 64
"""The side of the pictures that people judged; a smaller one has no LPIPS."""


class LPIPS:
    """LPIPS of a restored picture: 0 for the clean one, the more the less alike they look.

    Source: Zhang, Isola, Efros, Shechtman and Wang 2018, arXiv:1801.03924, version 0.1 on AlexNet, by torchmetrics.
    Figures from other backbones or versions aren't comparable. Gray is taken as RGB of three equal channels, values
    are clamped to [0, 1]. `at_hand` makes one without downloading anything.
    """

    def __init__(self) -> None:
        from torchmetrics.image.lpip import LearnedPerceptualImagePatchSimilarity

        self.net: nn.Module = LearnedPerceptualImagePatchSimilarity("alex", normalize=True).net

    @torch.no_grad()
    def __call__(self, restored: Tensor, clean: Tensor) -> float:
        """Two pictures `(1, C, H, W)` of 1 or 3 channels, nominally in [0, 1]."""
        if min(clean.shape[-2:]) < SMALLEST:
            return float("nan")
        pair = [picture.float().cpu().clamp(0, 1).expand(-1, 3, -1, -1) for picture in (restored, clean)]
        return float(self.net(*pair, normalize=True))


def at_hand() -> LPIPS | None:
    """The metric, where AlexNet's weights lie in torch's own store of them."""
    return LPIPS() if weights_file().is_file() else None


def weights_file() -> Path:
    """Where torch keeps AlexNet's weights once they were downloaded."""
    from torchvision.models import AlexNet_Weights

    return Path(torch.hub.get_dir()) / "checkpoints" / Path(AlexNet_Weights.IMAGENET1K_V1.url).name
