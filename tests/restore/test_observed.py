"""Large observations are restored in tiles, and come out as the whole does."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Estimate, Observation, Operator
from denoiselab.methods import Denoiser
from denoiselab.networks import Signature
from denoiselab.objectives import L2
from denoiselab.restore import observed, restore_observation


class Net(nn.Module):
    """Three convolutions; notes the sizes that it was shown."""

    def __init__(self, **signature: Any) -> None:
        super().__init__()
        self.signature = Signature(**signature)
        self.body = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 1, 1)
        )
        self.seen: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.seen.append(x.shape[-1] * x.shape[-2])
        return self.body(x)


def denoiser(**signature: Any) -> Denoiser:
    return Denoiser(network=Net(**signature), objective=L2(), phases=(), seed=0).eval()


@torch.no_grad()
def test_a_large_picture_in_tiles_equals_the_whole() -> None:
    method, value = denoiser(radius=2), torch.rand(2, 1, 1100, 1400)
    restored = restore_observation(method, Observation(value, level=torch.tensor([0.1, 0.1]))).mean
    assert max(method.network.seen) <= (512 + 4) ** 2
    torch.testing.assert_close(restored, method.restore(Observation(value)).mean, rtol=0, atol=1e-6)
    assert max(method.network.seen) == 1100 * 1400


class Kept(Operator):
    """Puts the first row back."""

    def project(self, estimate: Tensor, observation: Observation) -> Tensor:
        return torch.cat([observation.value[..., :1, :], estimate[..., 1:, :]], -2)


@torch.no_grad()
@pytest.mark.parametrize(
    ("signature", "more"),
    [
        ({"radius": None}, {}),
        ({"radius": 2, "fixed_size": (40, 50)}, {}),
        ({"radius": 2}, {"operator": Kept()}),
        ({"radius": 2}, {"mask": torch.ones(1, 1, 40, 50)}),
    ],
)
def test_where_tiles_are_not_the_whole_it_is_restored_whole(
    monkeypatch: pytest.MonkeyPatch, signature: dict[str, Any], more: dict[str, Any]
) -> None:
    monkeypatch.setattr(observed, "LARGE", 100)
    method, observation = denoiser(**signature), Observation(torch.rand(1, 1, 40, 50), **more)
    restored = restore_observation(method, observation).mean
    assert method.network.seen == [40 * 50]
    assert torch.equal(restored, method.restore(observation).mean)


def test_what_is_no_denoiser_restores_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observed, "LARGE", 100)

    class Doubled:
        def restore(self, observation: Observation, n: int = 1) -> Estimate:
            assert observation.value.shape[-2:] == (40, 50)
            assert observation.level is not None
            return Estimate(2 * observation.value)

    value = torch.rand(1, 1, 40, 50)
    estimate = restore_observation(Doubled(), Observation(value, level=torch.tensor([0.1])))
    assert torch.equal(estimate.mean, 2 * value)
