"""LPIPS: its formula by hand, on a backbone of random weights; nothing is downloaded."""

import math
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import torchmetrics
from torch import Tensor, nn

from denoiselab.metrics.lpips import at_hand, weights_file

SHIFT, SCALE = (torch.tensor(v)[:, None, None] for v in ((-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)))


@pytest.fixture
def features(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> nn.Sequential:
    """AlexNet's layers, which the metric finds in place of the trained ones."""
    pool, relu = nn.MaxPool2d(3, 2), nn.ReLU()
    first, second = nn.Conv2d(3, 64, 11, 4, 2), nn.Conv2d(64, 192, 5, padding=2)
    last = [nn.Conv2d(a, b, 3, padding=1) for a, b in ((192, 384), (384, 256), (256, 256))]
    made = nn.Sequential(first, relu, pool, second, relu, pool, last[0], relu, last[1], relu, last[2], relu, pool)
    monkeypatch.setattr("torchvision.models.alexnet", lambda weights: SimpleNamespace(features=made))
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path))
    weights_file().parent.mkdir()
    weights_file().touch()
    return made


def by_hand(features: nn.Sequential, restored: Tensor, clean: Tensor) -> float:
    heads = torch.load(
        Path(torchmetrics.__file__).parent / "functional" / "image" / "lpips_models" / "alex.pth", map_location="cpu"
    )
    total, pair = 0.0, [(2 * picture - 1 - SHIFT) / SCALE for picture in (restored, clean)]
    layer = 0
    for i, module in enumerate(features):
        pair = [module(picture) for picture in pair]
        if i in (1, 4, 7, 9, 11):
            unit = [seen / (seen.square().sum(1, keepdim=True).sqrt() + 1e-10) for seen in pair]
            weight = heads[f"lin{layer}.model.1.weight"]
            total += ((unit[0] - unit[1]).square() * weight).sum(1).mean().item()
            layer += 1
    return total


@torch.no_grad()
def test_the_formula(features: nn.Sequential) -> None:
    clean, metric = torch.rand(1, 3, 70, 80), at_hand()
    assert metric is not None
    noisy = (clean + 0.2 * torch.randn(clean.shape)).clamp(0, 1)
    assert metric(clean, clean) == 0
    assert metric(noisy, clean) == pytest.approx(by_hand(features, noisy, clean), rel=1e-4)
    gray = clean[:, :1]
    assert metric(noisy[:, :1], gray) == metric(noisy[:, :1].expand(-1, 3, -1, -1), gray.expand(-1, 3, -1, -1)) > 0
    assert metric(clean.double() + 1, clean) == metric(torch.ones_like(clean), clean)
    assert math.isnan(metric(clean[..., :40], clean[..., :40]))


def test_without_weights_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path))
    monkeypatch.setattr("torch.hub.load_state_dict_from_url", pytest.fail)
    assert at_hand() is None
