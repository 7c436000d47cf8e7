"""A deployed method restores as the trained one does, in bfloat16 only where that is good enough."""

import copy

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Observation
from denoiselab.domains import CLASSES
from denoiselab.errors import UserError
from denoiselab.methods import Denoiser
from denoiselab.networks import DnCNN, UNet
from denoiselab.objectives import L2
from denoiselab.precision import computes_bfloat16
from denoiselab.restore import deploy

CPU = torch.device("cpu")
HALF = computes_bfloat16("cpu")


def denoiser(network: nn.Module) -> Denoiser:
    return Denoiser(network=network, objective=L2(), phases=(), seed=0).eval()


def dncnn() -> nn.Module:
    torch.manual_seed(0)
    return DnCNN(in_channels=3, out_channels=3, depth=3, num_features=16, init="he")


class Loud(nn.Module):
    """What bfloat16 loses: a small difference of large numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.up, self.down = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)
        for conv, weight in ((self.up, 1.0), (self.down, 1.0)):
            nn.init.zeros_(conv.weight)
            nn.init.constant_(conv.bias, 0)
            conv.weight.data[range(3), range(3)] = weight
        self.up.bias.data += 100
        self.down.bias.data -= 100

    def forward(self, x: Tensor) -> Tensor:
        return self.down(self.up(x))


@torch.no_grad()
@pytest.mark.parametrize("network", [dncnn(), UNet(in_channels=3, out_channels=3, num_features=8)], ids=["bn", "unet"])
def test_float32_is_the_method(network: nn.Module) -> None:
    method, picture = denoiser(network), torch.rand(1, 3, 37, 41)
    expected = copy.deepcopy(method).restore(Observation(picture)).mean
    restored = deploy(method, CPU, "32-true", 3)(picture)
    torch.testing.assert_close(restored, expected, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_auto_is_within_8_bit_rounding() -> None:
    method, picture = denoiser(dncnn()), torch.rand(1, 3, 64, 64)
    expected = copy.deepcopy(method).restore(Observation(picture)).mean
    error = (deploy(method, CPU, "auto", 3)(picture) - expected).square().mean().sqrt()
    assert error < 2 * 0.29 / 255


@torch.no_grad()
@pytest.mark.skipif(not HALF, reason="this CPU does not compute in bfloat16")
def test_bfloat16_where_it_is_good_enough_only() -> None:
    picture = torch.rand(1, 3, 64, 64)
    good, loud = denoiser(dncnn()), denoiser(Loud())
    exact = deploy(copy.deepcopy(good), CPU, "32-true", 3)(picture)
    assert not torch.equal(deploy(good, CPU, "auto", 3)(picture), exact)
    assert torch.equal(deploy(copy.deepcopy(loud), CPU, "auto", 3)(picture), deploy(loud, CPU, "32-true", 3)(picture))


def test_unknown_precision() -> None:
    with pytest.raises(UserError, match="precision=16: one of auto, bf16-mixed, 32-true"):
        deploy(denoiser(dncnn()), CPU, "16", 3)


def test_a_class_is_no_picture() -> None:
    class Classifier(Denoiser):
        domain = CLASSES

    method = Classifier(network=dncnn(), objective=L2(), phases=(), seed=0)
    with pytest.raises(UserError, match=r"Classifier finds classes, no picture to restore: evaluate\.py"):
        deploy(method, CPU, "32-true", 3)
