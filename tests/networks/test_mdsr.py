"""MDSR: the paper's size, its reach, and its scales."""

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.networks import MDSR


def mdsr(**keys: object) -> MDSR:
    small = {"scales": [2, 3, 4], "scale": 2, "depth": 1, "num_features": 8, "residual_scale": 1.0, "mean": [0.3]}
    return MDSR(in_channels=1, out_channels=1, **{**small, **keys})


def test_published_size() -> None:
    with torch.device("meta"):
        network = MDSR(
            in_channels=3, out_channels=3, scales=[2, 3, 4], scale=2, depth=80, num_features=64, residual_scale=1.0,
            mean=[0.5],
        )  # fmt: skip
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(8.0, abs=0.05)


def test_each_scale_has_its_size_and_its_own_layers() -> None:
    network, x = mdsr(), torch.rand(1, 1, 5, 7)
    for scale in (2, 3, 4):
        assert network(x, scale).shape == (1, 1, 5 * scale, 7 * scale)
    assert torch.equal(network(x), network(x, 2))
    network(x, 3).square().mean().backward()
    moved = {name.split(".")[1] for name, p in network.named_parameters() if p.grad is not None and "." in name}
    assert "3" in moved and not moved & {"2", "4"}


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_reach_is_what_it_says(scale: int) -> None:
    torch.manual_seed(0)
    network = mdsr(scale=scale).double().eval()
    radius = network.signature.radius
    x = torch.rand(1, 1, 1, 2 * radius + 7, dtype=torch.float64)
    middle = x.shape[-1] // 2
    before = network(x)[..., middle * scale : (middle + 1) * scale]

    def moved(distance: int) -> bool:
        other = x.clone()
        other[..., [middle - distance, middle + distance]] += 1
        return not torch.equal(network(other)[..., middle * scale : (middle + 1) * scale], before)

    assert moved(radius) and not moved(radius + 1)


@pytest.mark.parametrize("wrong", [{"scale": 8}, {"scale": 5, "scales": [5]}, {"depth": 0}])
def test_wrong_keys_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        mdsr(**wrong)


def test_a_scale_that_it_has_not_learnt_is_refused() -> None:
    with pytest.raises(UserError, match=r"noise\.scale=8: the network knows 2, 3, 4"):
        mdsr()(torch.rand(1, 1, 4, 4), 8)
