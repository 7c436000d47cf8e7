"""Weights in others' layouts restore as the modules that they come from do."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import load_method, read_checkpoint

WIDTH = 6


def published(channels: int, norm: bool, bias: bool, convs: int = 4) -> nn.Sequential:
    """A stack with every parameter and statistic away from where it starts, as the repositories build it."""
    layers: list[nn.Module] = [nn.Conv2d(channels, WIDTH, 3, padding=1, bias=bias), nn.ReLU()]
    for _ in range(convs - 2):
        layers.append(nn.Conv2d(WIDTH, WIDTH, 3, padding=1, bias=bias))
        layers += [nn.BatchNorm2d(WIDTH, eps=1e-4 if bias else 1e-5)] * norm + [nn.ReLU()]
    layers.append(nn.Conv2d(WIDTH, channels, 3, padding=1, bias=bias))
    network = nn.Sequential(*layers).eval()
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                value.uniform_(0.2, 1.5) if name.endswith("var") else value.normal_(0, 0.1)
    return network


def saved(network: nn.Module, file: Path, prefix: str, wrapper: str | None = None) -> Path:
    weights = {f"{prefix}{key}": value for key, value in network.state_dict().items()}
    torch.save({wrapper: weights} if wrapper else weights, file)
    return file


def restored(file: Path, picture: Tensor) -> Tensor:
    method, config = load_method(read_checkpoint(file), trust=False)
    assert config["data"]["channels"] == picture.shape[1]
    return method.restore(Observation(picture)).mean


@pytest.mark.parametrize(
    ("prefix", "wrapper"),
    [("model.", None), ("module.dncnn.", None), ("", None), ("module.model.", "params"), ("dncnn.", "state_dict")],
)
@pytest.mark.parametrize("norm", [True, False])
@pytest.mark.parametrize(("channels", "bias"), [(1, True), (3, False)])
def test_the_noise_is_taken_off(
    tmp_path: Path, prefix: str, wrapper: str | None, norm: bool, channels: int, bias: bool
) -> None:
    network, picture = published(channels, norm, bias), torch.rand(2, channels, 17, 23)
    with torch.no_grad():
        expected = picture - network(picture)
        found = restored(saved(network, tmp_path / "a.pth", prefix, wrapper), picture)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    assert (expected - picture).abs().max() > 1e-3


def test_what_predicts_the_picture_is_recognised(tmp_path: Path) -> None:
    network, picture = published(3, False, True), torch.rand(1, 3, 17, 23)
    with torch.no_grad():
        for layer in network:
            if isinstance(layer, nn.Conv2d):
                nn.init.dirac_(layer.weight)
                nn.init.constant_(layer.bias, 0.01)
        found = restored(saved(network, tmp_path / "a.pth", "model."), picture)
    torch.testing.assert_close(found, picture + 0.04)


def renamed(old: str, new: str) -> Any:
    return lambda weights: {key.replace(old, new): value for key, value in weights.items()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (renamed("2.weight", "2.body.weight"), "2.body.weight is no layer of a Sequential"),
        (renamed("2.", "1."), "one ReLU between them"),
        (lambda w: {**w, "other.0.weight": w["model.0.weight"]}, "one Sequential"),
        (lambda w: w | {"model.2.weight": torch.zeros(WIDTH, WIDTH, 5, 5)}, "3x3 convolutions"),
        (lambda w: w | {"model.0.weight": torch.zeros(WIDTH, 2, 3, 3)}, "2 channels in and 1 out"),
        (lambda w: {"epoch": 3}, "its first keys: epoch"),
        (lambda w: {}, "its first keys: none"),
        (lambda w: [1, 2], "its first keys: none"),
    ],
)
def test_another_layout_is_one_line_with_its_first_keys(tmp_path: Path, change: Any, said: str) -> None:
    weights = {f"model.{key}": value for key, value in published(1, False, True).state_dict().items()}
    torch.save(change(weights), tmp_path / "a.pth")
    with pytest.raises(UserError, match=said) as caught:
        read_checkpoint(tmp_path / "a.pth")
    assert "no plain DnCNN" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ircnn_is_not_taken_for_a_dncnn(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="IRCNN"):
        read_checkpoint(saved(published(1, False, True, 7), tmp_path / "a.pth", "model."))
