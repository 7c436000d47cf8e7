"""What every network of conf/model promises: shapes, gradients, checkpoints, precision."""

import inspect
import io
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.config import resolve
from denoiselab.errors import UserError
from denoiselab.networks import Signature

WIRED = {"in_channels", "out_channels"}


def test_the_yaml_holds_what_the_constructor_takes(node: dict[str, Any]) -> None:
    parameters = inspect.signature(resolve(node["_target_"], "model", trust=False)).parameters
    assert set(node) - {"_target_"} == set(parameters) - WIRED
    assert all(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters.values())


def test_the_signature_states_the_channels(network: nn.Module) -> None:
    assert isinstance(network.signature, Signature)
    assert (network.signature.in_channels, network.signature.out_channels) == (3, 3)


def test_any_allowed_size_comes_out_scaled(
    network: nn.Module, signature: Signature, sizes: list[tuple[int, int]]
) -> None:
    for height, width in sizes:
        out = network(torch.rand(2, 3, height, width))
        assert out.shape == (2, 3, height * signature.scale, width * signature.scale)
        assert out.isfinite().all()


def test_a_size_off_the_divisor_is_refused(network: nn.Module, signature: Signature) -> None:
    divisor = signature.divisor
    if divisor == 1:
        pytest.skip("takes any size")
    for height, width in ((divisor, divisor + 1), (divisor - 1, divisor)):
        with pytest.raises(UserError, match=f"{height}×{width}.*multiples of {divisor}"):
            network(torch.rand(1, 3, height, width))


def test_another_size_than_the_fixed_one_is_refused(network: nn.Module, signature: Signature) -> None:
    if signature.fixed_size is None:
        pytest.skip("takes several sizes")
    height, width = signature.fixed_size
    for size in ((height + 1, width), (height, 2 * width), (1, 1)):
        with pytest.raises(UserError, match=f"{size[0]}×{size[1]}.*takes {height}×{width} only"):
            network(torch.rand(1, 3, *size))


def test_a_finite_gradient_reaches_every_parameter(network: nn.Module, x: Tensor) -> None:
    network(x).square().mean().backward()
    for key, parameter in network.named_parameters():
        assert parameter.grad is not None, key
        assert parameter.grad.isfinite().all(), key
        assert parameter.grad.any(), key


def test_eval_is_deterministic(network: nn.Module, signature: Signature, x: Tensor) -> None:
    network.eval()
    assert torch.equal(network(x), network(x))


def test_weights_go_through_a_safe_checkpoint(network: nn.Module, x: Tensor) -> None:
    network(x)  # moves the BN statistics off their start
    expected = network.eval()(x)
    buffer = io.BytesIO()
    torch.save(network.state_dict(), buffer)
    buffer.seek(0)
    for value in (*network.parameters(), *network.buffers()):
        value.detach().zero_()
    assert not torch.equal(network(x), expected)
    network.load_state_dict(torch.load(buffer, weights_only=True))
    assert torch.equal(network(x), expected)


@torch.no_grad()
def test_float64_stays_float64(settled: nn.Module, x: Tensor) -> None:
    exact = settled(x.double())
    rounded = settled.float()(x)
    assert exact.dtype is torch.float64
    assert 0 < (exact - rounded).abs().max() < 1e-4 * exact.abs().max()


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_bf16_autocast_gives_a_float32_picture(network: nn.Module, x: Tensor, layout: torch.memory_format) -> None:
    network, x = network.to(memory_format=layout), x.to(memory_format=layout)
    expected = network(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = network(x)
    assert out.dtype is torch.float32
    assert 0 < (out - expected).square().mean() < 1e-2 * expected.square().mean()
    out.square().mean().backward()
    assert all(parameter.grad.isfinite().all() for parameter in network.parameters())
