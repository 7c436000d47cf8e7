"""What every conf/noise/*.yaml promises, shown on a photograph."""

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from skimage import data as photographs
from torch import Tensor

from denoiselab.batch import Statistic
from denoiselab.config import build
from denoiselab.degradations import Degradation, Gaussian
from denoiselab.errors import UserError
from denoiselab.streams import Streams

CONF = Path(__file__).parents[2] / "conf" / "noise"
NOISES = sorted(CONF.glob("*.yaml"))
DRAWS = 3000


@pytest.fixture(params=NOISES, ids=lambda path: path.stem)
def noise(request: pytest.FixtureRequest) -> Degradation:
    return build(yaml.safe_load(request.param.read_text()), "noise", trust=False)


@pytest.fixture(scope="module")
def crop() -> Tensor:
    """A piece of a photograph with black, white and edges `(1, 3, 8, 8)`."""
    piece = torch.from_numpy(photographs.astronaut()[100:108, 200:208].copy()).permute(2, 0, 1)[None] / 255
    piece[..., 0, 0], piece[..., 7, 7] = 0, 1
    return piece


def test_declared_statistics_are_kept(noise: Degradation, crop: Tensor) -> None:
    observed = noise(crop.expand(DRAWS, -1, -1, -1), Streams(range(DRAWS))).value
    spread = observed.std(0) + 1e-4
    if Statistic.MEAN in noise.keeps:
        assert ((observed.mean(0) - crop[0]).abs() < 5 * spread / DRAWS**0.5).all()
    if Statistic.MEDIAN in noise.keeps:
        below = (observed < crop).float().mean(0) + 0.5 * (observed == crop).float().mean(0)
        assert ((below - 0.5).abs() < 5 * 0.5 / DRAWS**0.5).all()
    if Statistic.MODE in noise.keeps:
        away = ((observed - crop) / spread).flatten()
        counts = torch.histc(away, bins=9, min=-2.25, max=2.25)
        assert counts.argmax() == 4, "more values lie around the clean one than anywhere else"
    assert noise.may_be_target or not noise.keeps


def test_same_key_same_noise_whatever_the_neighbours(noise: Degradation, crop: Tensor) -> None:
    before = torch.get_rng_state()
    alone = noise(crop, Streams(["b"]))
    among = noise(crop.expand(3, -1, -1, -1), Streams(["a", "b", "c"]))
    assert torch.equal(alone.value[0], among.value[1])
    assert alone.level is None or torch.equal(alone.level[0], among.level[1])
    assert torch.equal(before, torch.get_rng_state())


def test_input_is_left_alone_and_shape_follows_the_scale(noise: Degradation, crop: Tensor) -> None:
    kept = crop.clone()
    for dtype in (torch.float32, torch.float64):
        value = noise(crop.to(dtype), Streams([0])).value
        assert value.shape == (1, 3, 8 // noise.scale, 8 // noise.scale) and value.dtype is dtype
    assert torch.equal(crop, kept)
    assert noise.describe().strip()


def test_nothing_is_clipped_unless_said(noise: Degradation, crop: Tensor) -> None:
    value = noise(crop.expand(100, -1, -1, -1), Streams(range(100))).value
    if value.std(0).max() > 1e-6:
        assert value.min() < 0 and value.max() > 1


@pytest.mark.parametrize("sigma", [0, 30, [0, 55], [25, 25]], ids=str)
def test_level_is_the_standard_deviation(sigma: Any) -> None:
    observed = Gaussian(sigma=sigma, clip=False)(torch.full((200, 1, 64, 64), 0.5), Streams(range(200)))
    low, high = sigma if isinstance(sigma, list) else (sigma, sigma)
    assert low / 255 <= observed.level.min() and observed.level.max() <= high / 255 + 1e-7
    assert torch.allclose(observed.value.flatten(1).std(1), observed.level, rtol=0.06, atol=1e-6)
    if high > low:
        assert observed.level.mean() == pytest.approx((low + high) / 510, rel=0.1)


def test_clipped_noise_says_what_it_lost() -> None:
    clipped = Gaussian(sigma=50, clip=True)
    value = clipped(torch.zeros(1, 3, 8, 8), Streams([0])).value
    assert value.min() == 0 and value.mean() > 0.02
    assert not clipped.keeps and not clipped.may_be_target and Gaussian(sigma=50, clip=False).may_be_target


@pytest.mark.parametrize("sigma", [-1, [3], [5, 2], [1, 2, 3], float("nan"), float("inf")], ids=str)
def test_wrong_level_is_named(sigma: Any) -> None:
    with pytest.raises(UserError, match="sigma="):
        Gaussian(sigma=sigma, clip=False)


def test_wrong_type_is_named() -> None:
    node = {"_target_": "denoiselab.degradations.Gaussian", "sigma": "high", "clip": False}
    with pytest.raises(UserError, match=r"noise\.sigma=high: a number or a list of numbers is needed"):
        build(node, "noise", trust=False)
