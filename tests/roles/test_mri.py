"""A projection in the loss and in every restoration: undersampled Fourier coefficients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from lightning.fabric.utilities import move_data_to_device
from torch import Tensor, nn

from denoiselab.batch import Observation, Operator, Pictures, Statistic
from denoiselab.data import TensorData, TensorStore
from denoiselab.degradations import Degradation
from denoiselab.domains import MRI
from denoiselab.streams import Streams
from denoiselab.supervision import Noise2Noise


@dataclass
class Sampling(Operator):
    """Which coefficients were measured `(N, 1, H, W)`, and how often each is `(H, W)`."""

    kept: Tensor
    chance: Tensor

    def project(self, estimate: Tensor, observation: Observation) -> Tensor:
        measured = torch.fft.fft2(observation.value.float()) * self.chance
        spectrum = torch.where(self.kept, measured, torch.fft.fft2(estimate.float()))
        return torch.fft.ifft2(spectrum).real


class Undersampling(Degradation):
    """Keeps coefficient k with chance p = exp(-decay |k|), with its mirror, and scales it by 1 / p."""

    keeps = frozenset({Statistic.MEAN})

    def __init__(self, *, decay: float) -> None:
        self.decay = decay

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        height, width = clean.shape[-2:]
        rows, columns = (torch.fft.fftfreq(side, 1 / side, device=clean.device) for side in (height, width))
        chance = torch.exp(-self.decay * torch.hypot(rows[:, None], columns))
        kept = mirrored(streams.uniform(1, height, width)).to(clean.device) < chance
        value = torch.fft.ifft2(torch.fft.fft2(clean) * kept / chance).real
        return Observation(value, operator=Sampling(kept, chance))

    def describe(self) -> str:
        return f"Fourier undersampling, decay {self.decay:g}"


def mirrored(numbers: Tensor) -> Tensor:
    """`(..., H, W)` -> the same number at k and at -k, one of the two that were there."""
    height, width = numbers.shape[-2:]
    place = torch.arange(height * width).view(height, width)
    return torch.where(place <= opposite(place), numbers, opposite(numbers))


def opposite(spectrum: Tensor) -> Tensor:
    return spectrum.flip(-2, -1).roll((1, 1), (-2, -1))


class Phantoms(TensorData):
    """A bright ellipse with a darker one inside."""

    domain = MRI
    channels = 1

    def load(self, split: str) -> TensorStore:
        seed, many = {"train": (0, 64), "val": (1, 4), "test": (2, 4)}[split]
        return TensorStore({"clean": phantoms(many, 31, seed)})

    def take_all(self) -> None:
        """The split is fixed."""


def phantoms(many: int, side: int, seed: int) -> Tensor:
    a, b, x, y = (torch.rand(4, many, 1, 1, 1, generator=torch.Generator().manual_seed(seed)) - 0.5).unbind()
    down, across = torch.meshgrid(*[torch.linspace(-1, 1, side)] * 2, indexing="ij")
    outer = ((down / (0.7 + 0.3 * a)) ** 2 + (across / (0.7 + 0.3 * b)) ** 2 < 1).float()
    inner = (((down - 0.4 * x) / 0.3) ** 2 + ((across - 0.4 * y) / 0.2) ** 2 < 1).float()
    return 0.8 * outer - 0.5 * inner * outer


class Correction(nn.Module):
    """The picture, plus what two convolutions make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.Conv2d(16, 1, 5, padding=2))
        nn.init.zeros_(self.body[-1].weight)

    def forward(self, picture: Tensor) -> Tensor:
        return picture + self.body(picture)


PARTS: dict[str, Any] = {
    "data": {"_target_": f"{__name__}.Phantoms", "batch_size": 16},
    "noise": {"_target_": f"{__name__}.Undersampling", "decay": 0.1},
    "model": {"_target_": f"{__name__}.Correction"},
    "supervision": {"_target_": "denoiselab.supervision.Noise2Noise", "force": False},
}


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_noisy_targets_teach_and_measured_frequencies_stay(trained: Callable[..., Any], precision: str) -> None:
    run = trained(**PARTS, trainer={"max_steps": 60, "val_every": 30, "precision": precision})
    assert run.figure("Correction") > run.figure("noisy") + 3
    clean = phantoms(2, 31, 3)
    observation = Undersampling(decay=0.1)(clean, Streams([0, 1]))
    found, truth = (torch.fft.fft2(p) for p in (run.method().restore(observation).mean, clean))
    kept = observation.operator.kept.expand_as(truth)
    torch.testing.assert_close(found[kept], truth[kept], rtol=0, atol=2e-3)
    assert (found - truth)[~kept].abs().mean() > 0.1


@pytest.mark.parametrize("side", [31, 32])
def test_mean_of_many_draws_is_the_clean_picture(side: int) -> None:
    clean = phantoms(1, side, 0).expand(2000, -1, -1, -1)
    observation = Undersampling(decay=0.1)(clean, Streams(range(2000)))
    kept = observation.operator.kept
    assert torch.equal(kept, opposite(kept))
    error = (observation.value - clean).square().mean()
    assert 0.5 < (observation.value - clean).mean(0).square().mean() / (error / 2000) < 2


def test_the_two_draws_of_a_pair_are_independent() -> None:
    clean = phantoms(1, 31, 0).expand(500, -1, -1, -1)
    batch = Noise2Noise(force=False)(Pictures(torch.arange(500), clean), Undersampling(decay=0.1), Streams(range(500)))
    first, second = ((value - clean).flatten() for value in (batch.input, batch.target))
    assert abs(torch.corrcoef(torch.stack((first, second)))[0, 1]) < 0.02


def test_operator_moves_with_its_batch() -> None:
    observation = Undersampling(decay=0.1)(phantoms(1, 31, 0), Streams([0]))
    moved = move_data_to_device(observation, torch.device("meta"))
    assert moved.value.is_meta and moved.operator.kept.is_meta
