"""EDSR: the paper's sizes, its reach, and super-resolution from the start of training."""

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.networks import EDSR

DIV2K = [0.4488, 0.4371, 0.4040]


def edsr(**keys: object) -> EDSR:
    small = {"scale": 2, "depth": 2, "num_features": 4, "residual_scale": 1.0, "mean": DIV2K}
    return EDSR(in_channels=3, out_channels=3, **{**small, **keys})


@pytest.mark.parametrize(
    ("scale", "depth", "num_features", "millions"),
    [(2, 16, 64, 1.37), (2, 32, 256, 40.7), (3, 32, 256, 43.7), (4, 32, 256, 43.1)],
)
def test_published_size(scale: int, depth: int, num_features: int, millions: float) -> None:
    with torch.device("meta"):
        network = edsr(scale=scale, depth=depth, num_features=num_features)
    count = sum(p.numel() for p in network.parameters())
    assert count / 1e6 == pytest.approx(millions, abs=0.05 if depth == 32 else 0.005)


@pytest.mark.parametrize("scale", [1, 2, 3, 4, 8])
def test_reach_is_what_it_says_and_no_less(scale: int) -> None:
    torch.manual_seed(0)
    network = edsr(scale=scale, depth=1, num_features=8).double().eval()
    radius = network.signature.radius
    side = 2 * radius + 7
    x = torch.rand(1, 3, 1, side, dtype=torch.float64)
    middle = side // 2
    before = network(x)[..., middle * scale : (middle + 1) * scale]

    def moved(distance: int) -> bool:
        changed = False
        for sign in (-1, 1):
            other = x.clone()
            other[..., middle + sign * distance] += 1
            changed |= not torch.equal(network(other)[..., middle * scale : (middle + 1) * scale], before)
        return changed

    assert not moved(radius + 1)
    assert moved(radius)


def test_mean_is_taken_off_and_put_back() -> None:
    network = edsr(mean=[0.3])
    torch.nn.init.zeros_(network.tail.weight)
    torch.nn.init.zeros_(network.tail.bias)
    assert torch.allclose(network(torch.rand(1, 3, 4, 4)), torch.tensor(0.3))


@pytest.mark.parametrize(
    "wrong", [{"scale": 5}, {"depth": 0}, {"num_features": 0}, {"mean": [0.1, 0.2]}], ids=lambda w: next(iter(w))
)
def test_wrong_keys_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        edsr(**wrong)
