"""What samplers draw for one observation follows the posterior, and its mean is the mean."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from denoiselab.batch import Batch, Observation
from denoiselab.data import TensorData, TensorStore
from denoiselab.errors import UserError
from denoiselab.methods import FlowSampler, Method, Phase, PosteriorSampler
from denoiselab.methods.schedules import Constant
from denoiselab.networks import DenseCritic, DenseDenoiser, DRUNet
from denoiselab.objectives import L2

SIDE = 2


class Coins(TensorData):
    """Pictures that are black or white, equally often: nothing that is observed tells which."""

    channels = 1

    def load(self, split: str) -> TensorStore:
        seed, many = {"train": (0, 512), "val": (1, 64), "test": (2, 64)}[split]
        coin = torch.randint(2, (many, 1, 1, 1), generator=torch.Generator().manual_seed(seed)).float()
        return TensorStore({"clean": coin.expand(-1, 1, SIDE, SIDE).contiguous()})

    def take_all(self) -> None:
        """The split is fixed."""


CRITIC = {"_target_": "denoiselab.networks.DenseCritic", "in_channels": 2, "side": SIDE, "depth": 2, "num_features": 32}
PARTS: dict[str, Any] = {
    "baselines": False,
    "data": {"_target_": f"{__name__}.Coins", "batch_size": 64},
    "noise": {"_target_": "denoiselab.degradations.Bernoulli", "p": 1.0, "refill": False},
    "model": {
        "_target_": "denoiselab.networks.DenseDenoiser",
        "in_channels": 2, "out_channels": 1, "side": SIDE, "depth": 2, "num_features": 32,
    },
    "method": {
        "_target_": "denoiselab.methods.PosteriorSampler",
        "critic": CRITIC, "weight": 0.1, "noise_channels": 1, "decay": 0.9, "samples": 64,
    },
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 2e-3, "betas": [0.5, 0.9]},
}  # fmt: skip


def test_samples_are_of_both_kinds_and_their_mean_is_between(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 400, "val_every": 200})
    drawn = run.method().restore(Observation(torch.zeros(1, 1, SIDE, SIDE)), n=64)
    assert drawn.samples.shape == (64, 1, 1, SIDE, SIDE)
    level = drawn.samples.flatten(1).mean(1)
    sure = (level < 0.2) | (level > 0.8)
    assert sure.float().mean() > 0.6, "black or white, hardly ever gray"
    assert 0.25 < (level > 0.5).float().mean() < 0.75
    assert 0.3 < drawn.mean.mean() < 0.7
    assert len(run.metric("loss")) == len(run.metric("critic")) == 400


def test_killed_run_ends_as_one_never_interrupted(trained: Callable[..., Any], resumed: Callable[..., Any]) -> None:
    steps = {"max_steps": 12, "val_every": 4}
    whole, again = trained("whole", **PARTS, trainer=steps), resumed("again", 6, **PARTS, trainer=steps)
    assert torch.equal(whole.weights(), again.weights())
    assert whole.metric("loss") == again.metric("loss")


def sampler(**own: Any) -> PosteriorSampler:
    phase = Phase(lambda parameters: torch.optim.Adam(parameters), Constant())
    parts: dict[str, Any] = {
        "network": DenseDenoiser(in_channels=2, out_channels=1, side=SIDE, depth=1, num_features=8),
        "critic": DenseCritic(in_channels=2, side=SIDE, depth=1, num_features=8),
        "weight": 0.0, "noise_channels": 1, "decay": 0.5, "samples": 4,
        "objective": L2(), "phases": [phase], "seed": 0,
    }  # fmt: skip
    return PosteriorSampler(**(parts | own))


class Echo(nn.Module):
    """Puts out the noise that it is given."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, 1:]


def test_the_spread_of_samples_costs_nothing() -> None:
    """With x = 0.5 and standard normal samples the expected loss is that of their mean, 0.25, whatever their spread."""
    seen = torch.zeros(20_000, 1, SIDE, SIDE)
    batch = Batch(Observation(seen), torch.full_like(seen, 0.5), torch.arange(len(seen)))
    assert sampler(network=Echo()).loss(batch, 0.0).item() == pytest.approx(0.25, abs=0.02)


def test_the_average_follows_and_restores() -> None:
    made = sampler()
    before = made.restore(Observation(torch.rand(3, 1, SIDE, SIDE))).mean
    weight, start = made.network.layers[1].weight, made.average.layers[1].weight.clone()
    with torch.no_grad():
        weight.add_(1)
    made.follow()
    torch.testing.assert_close(made.average.layers[1].weight, start + 0.5)
    assert before.shape == (3, 1, SIDE, SIDE) and made.in_channels == 1


def test_the_average_normalises_as_the_network_does() -> None:
    made = sampler(network=nn.Sequential(nn.Conv2d(2, 1, 1), nn.BatchNorm2d(1)))
    made.network(3 + torch.rand(8, 2, SIDE, SIDE))
    made.follow()
    for name, value in made.network.named_buffers():
        assert torch.equal(value, made.average.get_buffer(name)) and value.abs().sum() > 0


@pytest.mark.parametrize("kind", [FlowSampler, PosteriorSampler])
def test_pictures_of_any_size_are_padded_for_the_network(kind: type[Method]) -> None:
    seen = Observation(torch.rand(2, 1, 9, 7))
    parts: dict[str, Any] = {"objective": L2(), "phases": [Phase(torch.optim.Adam, Constant())], "seed": 0}
    channels = 3 if kind is FlowSampler else 2
    own = {"steps": 2} if kind is FlowSampler else {
        "critic": nn.Identity(), "weight": 0.0, "noise_channels": 1, "decay": 0.5, "samples": 2
    }  # fmt: skip
    network = DRUNet(in_channels=channels, out_channels=1, widths=[4, 4, 4], blocks=1)
    assert kind(network=network, **parts, **own).restore(seen, n=2).samples.shape == (2, 2, 1, 9, 7)


def test_a_picture_is_restored_as_if_alone() -> None:
    made, value = sampler(), torch.rand(5, 1, SIDE, SIDE)
    together, alone = made.restore(Observation(value), n=2), made.restore(Observation(value[2:3]), n=2)
    torch.testing.assert_close(together.samples[:, 2:3], alone.samples)
    torch.testing.assert_close(together.mean[2:3], alone.mean)


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"decay": 1.0}, "^decay=1.0: a part"),
        ({"samples": 0}, "^samples=0: at least 1"),
        ({"weight": -1.0}, "^weight=-1.0: 0 or more"),
        ({"phases": [None, None]}, "optimizer=adam"),
    ],
)
def test_what_no_sampler_has(own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=line):
        sampler(**own)


FLOW = PARTS | {
    "model": PARTS["model"] | {"in_channels": 3},
    "method": {"_target_": "denoiselab.methods.FlowSampler", "steps": 16},
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 1e-2},
}  # fmt: skip


def test_a_flow_ends_at_both_kinds_and_begins_at_their_mean(trained: Callable[..., Any]) -> None:
    run = trained(**FLOW, trainer={"max_steps": 300, "val_every": 150})
    drawn = run.method().restore(Observation(torch.zeros(1, 1, SIDE, SIDE)), n=64)
    level = drawn.samples.flatten(1).mean(1)
    sure = (level < 0.2) | (level > 0.8)
    assert drawn.samples.shape == (64, 1, 1, SIDE, SIDE) and sure.float().mean() > 0.8
    assert 0.3 < (level > 0.5).float().mean() < 0.7
    assert 0.4 < drawn.mean.mean() < 0.6 and len(run.metric("loss")) == 300


class Known(nn.Module):
    """E[x | x_t] of a standard normal x: its regression on x_t = (1 - t) z + t x."""

    def forward(self, x: Tensor) -> Tensor:
        at, t = x[:, 1:2], x[:, 2:]
        return at * t / ((1 - t).square() + t.square())


def flow(network: nn.Module, steps: int) -> FlowSampler:
    phase = Phase(lambda parameters: torch.optim.Adam(parameters), Constant())
    return FlowSampler(network=network, objective=L2(), phases=[phase], seed=0, steps=steps)


def test_the_flow_of_a_normal_is_the_identity() -> None:
    """For x and z of one normal distribution the lines' flow scales by sqrt((1 - t)² + t²), which ends at 1."""
    z = torch.linspace(-2, 2, 9).view(-1, 1, 1, 1)
    made = flow(Known(), steps=256).drawn(Observation(torch.zeros(9, 1, 1, 1)), z)
    torch.testing.assert_close(made, z, atol=0.02, rtol=0)


def test_a_flow_restores_a_picture_as_if_alone() -> None:
    made = flow(DenseDenoiser(in_channels=3, out_channels=1, side=SIDE, depth=1, num_features=8), steps=3)
    value = torch.rand(5, 1, SIDE, SIDE)
    together, alone = made.restore(Observation(value), n=2), made.restore(Observation(value[2:3]), n=2)
    torch.testing.assert_close(together.samples[:, 2:3], alone.samples)
    assert made.in_channels == 1 and made.restore(Observation(value)).samples is None
    with pytest.raises(UserError, match="steps=0"):
        flow(Known(), steps=0)
