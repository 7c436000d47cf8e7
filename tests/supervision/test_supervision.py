"""Where targets come from: what each supervision promises, shown on a photograph."""

import pytest
import torch
from skimage import data as photographs
from torch import Tensor

from denoiselab.batch import Pictures
from denoiselab.degradations import Bernoulli, Composed, Gaussian, Recorded
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision import Clean, Noise2Noise, Noise2Void, Supervision

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
    kinds = (Noise2Noise(force=False), Clean())
    ours, theirs = (kind(pictures, NOISE, Streams(range(DRAWS))) for kind in kinds)
    assert torch.equal(ours.input, theirs.input)
    assert torch.equal(theirs.target, pictures.clean) and torch.equal(ours.clean, pictures.clean)


@pytest.mark.parametrize("sigma", [30, [0, 55]], ids=["one level", "blind"])
def test_two_draws_are_independent(sigma: float | list[float], pictures: Pictures) -> None:
    batch = Noise2Noise(force=False)(pictures, Gaussian(sigma=sigma, clip=False), Streams(range(DRAWS)))
    a, b = batch.input - pictures.clean, batch.target - pictures.clean
    assert abs(float(torch.corrcoef(torch.stack((a.flatten(), b.flatten())))[0, 1])) < 4 / a.numel() ** 0.5
    levels = torch.stack([noise.flatten(1).std(1) for noise in (a, b)])
    if isinstance(sigma, list):
        assert abs(float(torch.corrcoef(levels)[0, 1])) < 4 / DRAWS**0.5


def test_noisy_target_costs_a_constant(pictures: Pictures) -> None:
    """E|f - (x + d)|² = E|f - x|² + E|d|², whatever f makes of the input."""
    batch = Noise2Noise(force=False)(pictures, NOISE, Streams(range(DRAWS)))
    d = batch.target - pictures.clean
    for f in (batch.input, torch.nn.functional.avg_pool2d(batch.input, 3, 1, 1), torch.zeros_like(d)):
        noisy, plain = (f - batch.target).square().mean(), (f - pictures.clean).square().mean()
        error = 2 * (f - pictures.clean).square().mean().sqrt() * d.std() / d.numel() ** 0.5
        assert float(noisy - plain - d.square().mean()) == pytest.approx(0, abs=4 * float(error))


def test_recorded_shots_are_taken_as_they_are(pictures: Pictures) -> None:
    shots = (pictures.clean + 1, pictures.clean + 2)
    recorded = Pictures(index=pictures.index, shots=shots, aux=pictures.clean[:, :1])
    batch = Noise2Noise(force=False)(recorded, NOISE, Streams(range(DRAWS)))
    assert torch.equal(batch.observation.value, shots[0]) and torch.equal(batch.target, shots[1])
    assert batch.input.shape[1] == 4, "auxiliary channels join the input"


def test_clean_targets_need_clean_pictures(pictures: Pictures) -> None:
    with pytest.raises(UserError, match="needs clean pictures"):
        Clean()(Pictures(index=pictures.index, shots=(pictures.clean,)), NOISE, Streams(range(DRAWS)))


def test_blind_spots(pictures: Pictures) -> None:
    distinct = torch.arange(DRAWS * 3 * 32 * 32, dtype=torch.float32).view(DRAWS, 3, 32, 32)
    batch = Noise2Void(part=0.1, radius=2, force=False)(
        Pictures(index=pictures.index, shots=(distinct,)), Recorded(), Streams(range(DRAWS))
    )
    asked = batch.weight > 0
    assert asked.shape == (DRAWS, 1, 32, 32) and asked.float().mean() == pytest.approx(0.1, abs=0.01)
    assert torch.equal(batch.target, distinct)
    assert torch.equal(batch.input.where(~asked, distinct), distinct), "only what is asked for is replaced"
    assert (batch.input != distinct)[asked.expand_as(distinct)].all(), "and never by itself"
    away = (batch.input - distinct)[:, 0]
    rows, columns = (away / 32).round(), away - (away / 32).round() * 32
    inner = asked[:, 0].clone()
    inner[:, :2], inner[:, -2:], inner[:, :, :2], inner[:, :, -2:] = False, False, False, False
    assert set(rows[inner].tolist()) == set(columns[inner].tolist()) == {-2, -1, 0, 1, 2}


def test_a_blind_spot_leaves_auxiliary_channels(pictures: Pictures) -> None:
    aux = torch.rand(DRAWS, 6, 32, 32)
    seen = Pictures(index=pictures.index, shots=(torch.rand(DRAWS, 3, 32, 32),), aux=aux)
    batch = Noise2Void(part=0.1, radius=2, force=False)(seen, Recorded(), Streams(range(DRAWS)))
    assert torch.equal(batch.input[:, 3:], aux)


@pytest.mark.parametrize("kind", [Noise2Noise(force=False), Noise2Void(part=0.1, radius=2, force=False), Clean()])
def test_measured_on_the_whole_first_observation(kind: Supervision, pictures: Pictures) -> None:
    batch = kind.measured(pictures, NOISE, Streams(range(DRAWS)))
    assert torch.equal(batch.input, NOISE(pictures.clean, Streams(range(DRAWS))).value)
    assert torch.equal(batch.target, pictures.clean) and batch.weight is None


@pytest.mark.parametrize("wrong", [{"part": 0.0}, {"part": 1.0}, {"radius": 0}], ids=str)
def test_wrong_blind_spots_are_named(wrong: dict[str, float]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        Noise2Void(**{"part": 0.1, "radius": 2, "force": False, **wrong})


def test_a_blind_spot_is_not_put_back(pictures: Pictures) -> None:
    """What Noise2Void hid is no measurement: put back, it would leave the network nothing to learn."""
    noise = Bernoulli(p=0.5, refill=True)
    batch = Noise2Void(part=0.1, radius=2, force=False)(pictures, noise, Streams(range(DRAWS)))
    estimate = torch.zeros_like(batch.target)
    assert torch.equal(batch.observation.operator.project(estimate, batch.observation), estimate)


def test_noise_before_a_measurement_is_not_put_back(clean: Tensor) -> None:
    both = Composed(steps={"noise": NOISE, "erased": Bernoulli(p=0.5, refill=True)})(clean, Streams(range(DRAWS)))
    assert torch.equal(both.operator.project(clean, both), clean)
    assert both.level is None and both.std is None and both.mask is not None
