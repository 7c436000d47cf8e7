"""Restoring by a decoder: against least squares, and against the loop of seed 000."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.methods import LatentPrior
from denoiselab.methods.latent_search import GradientDescent, LevenbergMarquardt, jacobian, lowest
from denoiselab.networks import LatentAutoencoder, Signature
from denoiselab.objectives import L2
from denoiselab.streams import Streams, mix

SIDE, LATENT = 6, 3
LM = LevenbergMarquardt(dampings=[1e-6, 0.03, 1.0])
DESCENT = GradientDescent(lr=1.0)


class Linear(nn.Module):
    """A decoder that is a matrix."""

    latent_dim = LATENT

    def __init__(self) -> None:
        super().__init__()
        self.signature = Signature(1, 1, fixed_size=(SIDE, SIDE))
        self.decoder = nn.Sequential(nn.Linear(LATENT, SIDE**2), nn.Unflatten(1, (1, SIDE, SIDE)))


def method(network: nn.Module, **own: Any) -> LatentPrior:
    parts = {"search": LM, "tolerance": 0.0, "max_steps": 30, "restarts": 1}
    return LatentPrior(network=network, objective=L2(), phases=[], seed=0, **(parts | own)).requires_grad_(False)


@pytest.fixture
def relu() -> LatentAutoencoder:
    return LatentAutoencoder(in_channels=1, out_channels=1, side=SIDE, hidden_dim=12, latent_dim=LATENT)


def fitted(network: nn.Module, value: Tensor) -> Tensor:
    """The linear decoder's least squares."""
    weight, bias = network.decoder[0].weight.detach(), network.decoder[0].bias.detach()
    z = torch.linalg.lstsq(weight, (value.flatten(1) - bias).T).solution
    return (weight @ z).T.add(bias).view_as(value)


@pytest.mark.parametrize(("search", "steps", "near"), [(LM, 3, 1e-4), (DESCENT, 1000, 3e-3)])
def test_a_linear_decoder_gives_the_least_squares(search: Any, steps: int, near: float) -> None:
    network, value = Linear(), torch.rand(5, 1, SIDE, SIDE)
    restored = method(network, search=search, max_steps=steps).restore(Observation(value)).mean
    torch.testing.assert_close(restored, fitted(network, value), atol=near, rtol=0)


def test_of_the_noise_its_part_in_the_latent_space_is_left() -> None:
    network, std = Linear(), 0.1
    clean = network.decoder(torch.rand(800, LATENT)).detach()
    noisy = clean + std * torch.randn_like(clean)
    restored = method(network).restore(Observation(noisy)).mean
    assert (restored - clean).square().mean() == pytest.approx(std**2 * LATENT / SIDE**2, rel=0.1)


def test_the_descent_is_the_seeds(relu: LatentAutoencoder) -> None:
    """One picture at a time, torch's SGD, until the loss changes by no more than the tolerance."""
    value, tolerance = torch.rand(4, 1, SIDE, SIDE), 1e-4
    restored = method(relu, search=DESCENT, tolerance=tolerance, max_steps=10_000).restore(Observation(value)).mean
    lengths = []
    for i in range(4):
        z = Streams([mix(0, "restore", 0)]).uniform(LATENT).requires_grad_()
        optimizer, before, change = torch.optim.SGD([z], lr=1.0), 1e4, 1e4
        lengths.append(0)
        while change > tolerance:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(relu.decoder(z), value[i : i + 1])
            loss.backward()
            optimizer.step()
            before, change = loss.item(), abs(before - loss.item())
            lengths[i] += 1
        torch.testing.assert_close(restored[i : i + 1], relu.decoder(z).detach(), atol=1e-5, rtol=0)
    assert len(set(lengths)) > 1, "each picture stops for itself"


def test_a_better_search_fits_at_least_as_well(relu: LatentAutoencoder) -> None:
    value = relu.decoder(torch.rand(50, LATENT)).detach() + 0.05 * torch.randn(50, 1, SIDE, SIDE)

    def error(**own: Any) -> Tensor:
        restored = method(relu, **own).restore(Observation(value)).mean
        return (restored - value).square().flatten(1).mean(1)

    slow, fast, often = error(search=DESCENT, max_steps=500), error(), error(restarts=4)
    assert fast.mean() < slow.mean()
    assert (often <= fast + 1e-7).all() and often.mean() < fast.mean()


def test_a_picture_is_restored_as_if_alone(relu: LatentAutoencoder) -> None:
    value = torch.rand(6, 1, SIDE, SIDE)
    made = method(relu, tolerance=1e-6, restarts=2)
    together = made.restore(Observation(value)).mean
    torch.testing.assert_close(together[2:3], made.restore(Observation(value[2:3])).mean, atol=1e-5, rtol=0)


def test_what_was_lost_does_not_count() -> None:
    network = Linear()
    clean = network.decoder(torch.rand(4, LATENT)).detach()
    mask = (torch.rand(4, 1, SIDE, SIDE) > 0.5).float()
    seen = Observation(clean * mask + 100 * (1 - mask), mask=mask)
    torch.testing.assert_close(method(network).restore(seen).mean, clean, atol=1e-3, rtol=0)


def test_the_jacobian_is_autograds(relu: LatentAutoencoder) -> None:
    z = torch.rand(3, LATENT)

    def decoded(z: Tensor) -> Tensor:
        return relu.decoder(z).flatten(1)

    full = torch.autograd.functional.jacobian(decoded, z)
    torch.testing.assert_close(jacobian(decoded, z), torch.stack([full[i, :, i] for i in range(3)]))


@torch.no_grad()
def test_autocast_does_not_blur_the_search(relu: LatentAutoencoder) -> None:
    value, made = torch.rand(3, 1, SIDE, SIDE), method(relu)
    with torch.autocast("cpu", torch.bfloat16):
        half = made.restore(Observation(value)).mean
    assert torch.equal(half, made.restore(Observation(value)).mean)


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"restarts": 0}, "^restarts=0: at least 1"),
        ({"tolerance": -1.0}, "^tolerance=-1.0: 0 or more"),
        ({"network": nn.Linear(2, 2)}, "Linear has no decoder .* model=latent_autoencoder"),
    ],
)
def test_what_can_not_be_searched(own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=line):
        method(**({"network": Linear()} | own))
    with pytest.raises(UserError, match="8×8: Linear takes 6×6 only"):
        method(Linear()).restore(Observation(torch.rand(1, 1, 8, 8)))


@pytest.mark.parametrize(
    ("search", "own", "line"),
    [(GradientDescent, {"lr": 0.0}, "lr=0"), (LevenbergMarquardt, {"dampings": []}, r"dampings=\[\]")],
)
def test_a_search_that_goes_nowhere(search: Any, own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=line):
        search(**own)


def test_what_is_no_number_is_never_the_best() -> None:
    errors = torch.tensor([[torch.nan, 1.0, 3.0], [2.0, 0.5, torch.nan], [4.0, torch.inf, torch.nan]])
    assert lowest(errors).tolist() == [1, 1, 0]
