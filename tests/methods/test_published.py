"""Networks that spandrel knows by their weights, applied as runs of ours."""

from pathlib import Path
from typing import Any

import pytest
import torch

import denoiselab
from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import load_method, read_checkpoint
from denoiselab.networks import published, signature_of

spandrel = pytest.importorskip("spandrel")
PICTURE = torch.rand(1, 3, 21, 30, generator=torch.Generator().manual_seed(0))


def nafnet() -> Any:
    from spandrel.architectures.NAFNet import NAFNet

    torch.manual_seed(0)
    network = NAFNet(img_channel=3, width=4, middle_blk_num=1, enc_blk_nums=[1, 1], dec_blk_nums=[1, 1]).eval()
    for value in network.parameters():
        torch.nn.init.normal_(value, std=0.05)
    return network


def upscaler() -> Any:
    from spandrel.architectures.Compact import Compact

    torch.manual_seed(0)
    return Compact(num_feat=8, num_conv=2, upscale=2).eval()


@pytest.mark.parametrize(("make", "scale"), [(nafnet, 1), (upscaler, 2)], ids=["nafnet", "compact"])
@pytest.mark.parametrize("kind", ["pth", "safetensors"])
def test_it_restores_as_the_network_itself(tmp_path: Path, make: Any, scale: int, kind: str) -> None:
    network, file = make(), tmp_path / f"theirs.{kind}"
    if kind == "pth":
        torch.save({"params": network.state_dict()}, file)
    else:
        pytest.importorskip("safetensors.torch").save_file(network.state_dict(), file)
    method, config = load_method(read_checkpoint(file), trust=False)
    assert config["data"]["channels"] == 3 and signature_of(method.network).scale == scale
    restored = method.restore(Observation(PICTURE)).mean
    with torch.no_grad():
        torch.testing.assert_close(restored, network(PICTURE).clamp(0, 1))
    restored.mul_(2)  # a tensor like any other
    assert torch.equal(method.restore(Observation(PICTURE)).mean, restored / 2)


def test_from_python(tmp_path: Path) -> None:
    torch.save(nafnet().state_dict(), tmp_path / "theirs.pth")
    denoise = denoiselab.load(tmp_path / "theirs.pth", device="cpu", precision="32-true")
    restored = denoise(PICTURE, layout="NCHW", value_range=(0, 1))
    with torch.no_grad():
        torch.testing.assert_close(restored, nafnet()(PICTURE).clamp(0, 1))


def test_what_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "theirs.pth"
    torch.save({"a.weight": torch.zeros(3), "b.weight": torch.zeros(2)}, file)
    with pytest.raises(UserError, match=r"doesn't know it either.*its first keys: a.weight, b.weight"):
        read_checkpoint(file)
    (tmp_path / "torn.safetensors").write_bytes(b"\x10")
    with pytest.raises(UserError, match="no readable checkpoint"):
        read_checkpoint(tmp_path / "torn.safetensors")
    monkeypatch.setattr(published, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'denoiselab\[spandrel\]'"):
        read_checkpoint(file)
    with pytest.raises(UserError, match=r"pip install 'denoiselab\[spandrel\]' reads"):
        read_checkpoint(tmp_path / "torn.safetensors")
