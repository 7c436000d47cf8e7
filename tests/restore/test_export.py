"""An exported network restores pictures of sizes that it was not traced at as the network does."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.errors import UserError
from denoiselab.methods.assembly import make_method
from denoiselab.methods.checkpoint import load_method, read_checkpoint
from denoiselab.networks import DnCNN, Signature, UDnCNN
from denoiselab.restore import export
from denoiselab.restore.export import compared, export_checkpoint, export_network, torch_of


def dncnn() -> nn.Module:
    return DnCNN(in_channels=1, out_channels=1, depth=1, num_features=4, init="he").eval().requires_grad_(False)


def udncnn() -> nn.Module:
    return UDnCNN(in_channels=3, out_channels=3, depth=4, num_features=4, init="he").eval().requires_grad_(False)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("make", "channels", "size"), [(dncnn, 1, (3, 70)), (udncnn, 3, (18, 6))])
def test_torch_export(tmp_path: Path, make: Any, channels: int, size: tuple[int, int]) -> None:
    network, file = make(), tmp_path / "a.pt2"
    assert export_network(network, channels, "torch_export", file) < 1e-5
    noisy = torch.rand(5, channels, *size)
    torch.testing.assert_close(torch_of(file)(noisy), network(noisy), rtol=1e-5, atol=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt2"]


@pytest.mark.filterwarnings("ignore")
def test_onnx(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    onnxruntime = pytest.importorskip("onnxruntime")
    network, file = dncnn(), tmp_path / "a.onnx"
    assert export_network(network, 1, "onnx", file) < 1e-5
    noisy = torch.rand(2, 1, 19, 40)
    (restored,) = onnxruntime.InferenceSession(str(file)).run(["restored"], {"noisy": noisy.numpy()})
    torch.testing.assert_close(torch.from_numpy(restored), network(noisy), rtol=1e-5, atol=1e-5)
    assert [path.name for path in tmp_path.iterdir()] == ["a.onnx"]


class Moody(nn.Module):
    """Goes another way on bright pictures, which no trace can hold."""

    def forward(self, x: Tensor) -> Tensor:
        return x if x.mean() > 0.5 else -x


class Fixed(nn.Identity):
    signature = Signature(fixed_size=(8, 8))


@pytest.mark.filterwarnings("ignore")
def test_what_can_not_be_exported_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.pt2"
    with pytest.raises(UserError, match="Moody can't be traced"):
        export_network(Moody(), 1, "torch_export", file)
    with pytest.raises(UserError, match="one fixed size only: take format=checkpoint"):
        export_network(Fixed(), 1, "torch_export", file)
    with pytest.raises(UserError, match="format=tflite: one of onnx, torch_export"):
        export_network(dncnn(), 1, "tflite", file)
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="onnxruntime is missing; pip install"):
        export_network(dncnn(), 1, "onnx", file)
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore")
def test_a_wrong_file_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "torch_of", lambda file: lambda noisy: noisy + 1)
    with pytest.raises(UserError, match="off the network itself"):
        export_network(dncnn(), 1, "torch_export", tmp_path / "a.pt2")
    assert not list(tmp_path.iterdir())


def test_what_is_no_number_is_a_difference() -> None:
    assert math.isnan(compared(dncnn(), lambda noisy: noisy * math.nan, 1))


def test_of_any_method_the_weights_go_alone(tmp_path: Path) -> None:
    """A sampler's, whose network takes one size and more channels than the picture has."""
    config = {
        "seed": 0, "data": {"channels": 1}, "noise": {}, "loss": {"_target_": "denoiselab.objectives.L2"},
        "method": {"_target_": "denoiselab.methods.FlowSampler", "steps": 2},
        "model": {"_target_": "denoiselab.networks.DenseDenoiser", "side": 8, "depth": 1, "num_features": 4},
        "optimizer": {"_target_": "torch.optim.Adam", "lr": 1e-3},
        "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
    }  # fmt: skip
    method = make_method(config, trust=False).eval()
    recipe = {"config": config, "choices": {"model": "dense_denoiser"}}
    content = {"denoiselab": recipe, "state_dict": method.state_dict(), "global_step": 0}
    assert 0 < export_checkpoint(content, method.network, 3, tmp_path / "a.ckpt", trust=False) < 1e-3
    assert load_method(read_checkpoint(tmp_path / "a.ckpt"), trust=False)[0].in_channels == 1
