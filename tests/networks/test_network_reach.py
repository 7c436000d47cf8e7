"""Every network of conf/model sees as far as its signature states, no farther and no less.

Along each axis in turn, on a strip that is just long enough for a receptive field and its outside.
"""

import pytest
import torch
from torch import Tensor, nn

from denoiselab.networks import Signature


@pytest.fixture(params=[-1, -2], ids=["width", "height"])
def axis(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def strip(signature: Signature, axis: int) -> Tensor:
    if signature.fixed_size:
        pytest.skip("sees all of the one size that it takes")
    assert signature.radius is not None, "a network of any size states how far it sees"
    divisor = signature.divisor
    length = -(-(2 * signature.radius + 2 * signature.stride + 5) // divisor) * divisor
    strip = torch.rand(1, 3, max(divisor, 24), length, dtype=torch.float64)
    return strip if axis == -1 else strip.mT


@torch.no_grad()
def test_nothing_outside_the_radius_changes_a_pixel(
    settled: nn.Module, signature: Signature, strip: Tensor, axis: int
) -> None:
    base, stride, scale = settled(strip), signature.stride, signature.scale
    for at in (signature.radius + 2 + phase for phase in sorted({0, 1, stride // 2, stride - 1})):
        outside = (torch.arange(strip.shape[axis]) - at).abs() > signature.radius
        other = strip.transpose(axis, -1).clone()
        other[..., outside] = 10 * torch.randn_like(other[..., outside])
        changed = settled(other.transpose(axis, -1))
        assert torch.equal(changed.narrow(axis, at * scale, scale), base.narrow(axis, at * scale, scale))
        assert not torch.equal(changed, base)


@torch.no_grad()
def test_the_radius_is_reached(network: nn.Module, signature: Signature, strip: Tensor, axis: int) -> None:
    """With positive weights no ReLU hides a path, and a strong pixel wins every max-pool."""
    network = network.double().eval()
    for parameter in network.parameters():
        parameter.abs_()
    base = network(strip)
    columns = (signature.radius + 2 + phase for phase in range(signature.stride))
    assert max(reach(network, strip, base, axis, at, signature.scale) for at in columns) == signature.radius


def reach(network: nn.Module, strip: Tensor, base: Tensor, axis: int, at: int, scale: int) -> int:
    """How many pixels of the input far a change of one row or column of it is felt."""
    other = strip.clone()
    other.select(axis, at).add_(1000)
    changed = (network(other) != base).transpose(axis, -1).flatten(0, -2).any(0)
    return int((changed.nonzero() // scale - at).abs().max())


@torch.no_grad()
def test_a_shift_on_the_stride_grid_shifts_the_output(
    settled: nn.Module, signature: Signature, strip: Tensor, axis: int
) -> None:
    """Away from the edge that moves."""
    shift, radius, scale = max(signature.stride, signature.divisor), signature.radius, signature.scale
    inner = strip.shape[axis] - shift - radius
    shifted = settled(strip.narrow(axis, shift, inner + radius)).narrow(axis, radius * scale, inner * scale)
    torch.testing.assert_close(shifted, settled(strip).narrow(axis, (shift + radius) * scale, inner * scale))
