"""What the network of a tone-mapped method sees, what its loss compares, and what it gives back."""

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Batch, Observation
from denoiselab.domains import inverse_tone_map, tone_map
from denoiselab.methods import ToneMapped
from denoiselab.objectives import L2

RADIANCE = torch.tensor([0.0, 0.01, 1.0, 300.0]).view(1, 1, 2, 2).expand(2, 3, 2, 2)
AUX = torch.full((2, 6, 2, 2), 7.0)


class First(nn.Module):
    """Gives back its first three channels, and keeps what it saw."""

    def forward(self, x: Tensor) -> Tensor:
        self.seen = x
        return x[:, :3]


def method(target: bool) -> ToneMapped:
    return ToneMapped(target=target, network=First(), objective=L2(), phases=(), seed=0)


def batch(target: Tensor) -> Batch:
    return Batch(Observation(RADIANCE, aux=AUX), target, torch.arange(2))


@pytest.mark.parametrize("target", [False, True])
def test_network_sees_the_input_tone_mapped_and_aux_as_it_is(target: bool) -> None:
    ours = method(target)
    ours.restore(batch(RADIANCE).observation)
    assert torch.equal(ours.network.seen, torch.cat((tone_map(RADIANCE), AUX), 1))


def test_target_stays_as_it_is() -> None:
    ours, target = method(False), RADIANCE + 5
    assert ours.loss(batch(target), 0.0) == (tone_map(RADIANCE) - target).square().mean()
    assert torch.equal(ours.restore(batch(target).observation).mean, tone_map(RADIANCE)), "taken for radiance"
    assert not ours.bends_target


def test_output_is_mapped_back_where_the_target_is_mapped() -> None:
    ours, target = method(True), RADIANCE + 5
    assert ours.loss(batch(target), 0.0) == (tone_map(RADIANCE) - tone_map(target)).square().mean()
    torch.testing.assert_close(ours.restore(batch(target).observation).mean, RADIANCE, rtol=1e-3, atol=1e-6)
    assert ours.bends_target


def test_no_restored_light_is_negative() -> None:
    ours = method(False)
    ours.network.register_forward_hook(lambda *call: -RADIANCE)
    assert torch.equal(ours.restore(batch(RADIANCE).observation).mean, torch.zeros_like(RADIANCE))
    assert ours.loss(batch(RADIANCE), 0.0) == (2 * RADIANCE).square().mean(), "the loss sees it as it is"


def test_inverse_tone_map_ends_finite() -> None:
    light = torch.tensor([0.0, 1e-4, 0.3, 20.0, 1000.0], dtype=torch.float64)
    torch.testing.assert_close(inverse_tone_map(tone_map(light)), light)
    ends = inverse_tone_map(torch.tensor([-1.0, 1.0, 5.0]))
    assert ends[0] == 0 and ends.isfinite().all() and (ends[1:] > 1e6).all()
