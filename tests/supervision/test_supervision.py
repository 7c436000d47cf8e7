"""Where targets come from: what each supervision promises, shown on a photograph."""

import pytest
import torch
from skimage import data as photographs
from torch import Tensor

from denoiselab.batch import Pictures
from denoiselab.degradations import Gaussian
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision import Clean, Noise2Noise

DRAWS = 64
NOISE = Gaussian(sigma=30, clip=False)


@pytest.fixture(scope="module")
def clean() -> Tensor:
    """Many times the same piece of a photograph `(N, 3, 32, 32)`."""
    crop = torch.from_numpy(photographs.astronaut()[100:132, 200:232].copy()).permute(2, 0, 1) / 255
    return crop.expand(DRAWS, -1, -1, -1)


@pytest.fixture(scope="module")
def pictures(clean: Tensor) -> Pictures:
    return Pictures(index=torch.arange(DRAWS), clean=clean)


def test_input_is_the_same_draw(pictures: Pictures) -> None:
    ours, theirs = (kind()(pictures, NOISE, Streams(range(DRAWS))) for kind in (Noise2Noise, Clean))
    assert torch.equal(ours.input, theirs.input)
    assert torch.equal(theirs.target, pictures.clean) and torch.equal(ours.clean, pictures.clean)


@pytest.mark.parametrize("sigma", [30, [0, 55]], ids=["one level", "blind"])
def test_two_draws_are_independent(sigma: float | list[float], pictures: Pictures) -> None:
    batch = Noise2Noise()(pictures, Gaussian(sigma=sigma, clip=False), Streams(range(DRAWS)))
    a, b = batch.input - pictures.clean, batch.target - pictures.clean
    assert abs(float(torch.corrcoef(torch.stack((a.flatten(), b.flatten())))[0, 1])) < 4 / a.numel() ** 0.5
    levels = torch.stack([noise.flatten(1).std(1) for noise in (a, b)])
    if isinstance(sigma, list):
        assert abs(float(torch.corrcoef(levels)[0, 1])) < 4 / DRAWS**0.5


def test_noisy_target_costs_a_constant(pictures: Pictures) -> None:
    """E|f - (x + d)|² = E|f - x|² + E|d|², whatever f makes of the input."""
    batch = Noise2Noise()(pictures, NOISE, Streams(range(DRAWS)))
    d = batch.target - pictures.clean
    for f in (batch.input, torch.nn.functional.avg_pool2d(batch.input, 3, 1, 1), torch.zeros_like(d)):
        noisy, plain = (f - batch.target).square().mean(), (f - pictures.clean).square().mean()
        error = 2 * (f - pictures.clean).square().mean().sqrt() * d.std() / d.numel() ** 0.5
        assert float(noisy - plain - d.square().mean()) == pytest.approx(0, abs=4 * float(error))


def test_recorded_shots_are_taken_as_they_are(pictures: Pictures) -> None:
    shots = (pictures.clean + 1, pictures.clean + 2)
    recorded = Pictures(index=pictures.index, shots=shots, aux=pictures.clean[:, :1])
    batch = Noise2Noise()(recorded, NOISE, Streams(range(DRAWS)))
    assert torch.equal(batch.observation.value, shots[0]) and torch.equal(batch.target, shots[1])
    assert batch.input.shape[1] == 4, "auxiliary channels join the input"


def test_what_can_not_be_is_refused(pictures: Pictures) -> None:
    with pytest.raises(UserError, match="clipped may not be a target"):
        Noise2Noise()(pictures, Gaussian(sigma=30, clip=True), Streams(range(DRAWS)))
    with pytest.raises(UserError, match="needs clean pictures"):
        Clean()(Pictures(index=pictures.index, shots=(pictures.clean,)), NOISE, Streams(range(DRAWS)))
