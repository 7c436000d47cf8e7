"""Every network of conf/model, small, for the contracts: a new yaml is tested without touching a test."""

from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import Tensor, nn

from denoiselab.config import build
from denoiselab.networks import Signature, signature_of

CONF = Path(__file__).parents[2] / "conf" / "model"
WIRED = {"in_channels": 3, "out_channels": 3}
SMALL = {"num_features": 8}
"""With fewer, all ReLUs of a layer are dead now and then."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "node" in metafunc.fixturenames:
        metafunc.parametrize("node", sorted(path.stem for path in CONF.glob("*.yaml")), indirect=True)


@pytest.fixture
def node(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a yaml of conf/model holds."""
    node: Any = OmegaConf.to_container(OmegaConf.load(CONF / f"{request.param}.yaml"))
    return {key: value for key, value in node.items() if key != "defaults"}


@pytest.fixture
def network(node: dict[str, Any]) -> nn.Module:
    """Its network with few features, in train mode."""
    small = {key: value for key, value in SMALL.items() if key in node}
    if node.get("init") == "zero_last":  # no gradient would reach the layers before
        small["init"] = "he"
    return build(node | small, "model", trust=False, **WIRED)


@pytest.fixture
def signature(network: nn.Module) -> Signature:
    return signature_of(network)


@pytest.fixture
def settled(network: nn.Module) -> nn.Module:
    """In eval mode and float64, with BN statistics as if trained."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2.0)
    return network.double().eval()


@pytest.fixture
def sizes(signature: Signature) -> list[tuple[int, int]]:
    """Allowed sizes, odd and with edges of one pixel where any is allowed."""
    if signature.fixed_size:
        return [signature.fixed_size]
    d = signature.divisor
    return [(37, 53), (1, 7), (1, 1)] if d == 1 else [(d, 2 * d), (2 * d, d)]


@pytest.fixture
def x(sizes: list[tuple[int, int]]) -> Tensor:
    """A batch of two pictures in [0, 1]."""
    return torch.rand(2, WIRED["in_channels"], *sizes[0])
