"""What every conf/noise/*.yaml promises, shown on a photograph."""

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from skimage import data as photographs
from torch import Tensor

from denoiselab.batch import Observation, Pictures, Statistic
from denoiselab.config import build
from denoiselab.degradations import Degradation, Gaussian, Noise
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision import Clean

CONF = Path(__file__).parents[2] / "conf" / "noise"
NOISES = sorted(CONF.glob("*.yaml"))
DRAWS = 1500
SIDE = 24


@pytest.fixture(params=NOISES, ids=lambda path: path.stem)
def noise(request: pytest.FixtureRequest) -> Degradation:
    return build(yaml.safe_load(request.param.read_text()), "noise", trust=False)


@pytest.fixture(scope="module")
def crop() -> Tensor:
    """A piece of a photograph with black, white and edges `(1, 3, 24, 24)`."""
    piece = torch.from_numpy(photographs.astronaut()[100:124, 200:224].copy()).permute(2, 0, 1)[None] / 255
    piece[..., 0, 0], piece[..., 7, 7] = 0, 1
    return piece


@pytest.fixture
def seen(noise: Degradation, crop: Tensor) -> Observation:
    """Many draws of one picture; what was lost is nan, for it says nothing."""
    observed = noise(crop.expand(DRAWS, -1, -1, -1), Streams(range(DRAWS)))
    if observed.mask is not None:
        observed.value = observed.value.where(observed.mask > 0, torch.nan)
    return observed


def test_mean_is_kept_if_and_only_if_declared(noise: Degradation, crop: Tensor, seen: Observation) -> None:
    declared = Statistic.MEAN in noise.keeps
    if noise.scale > 1:
        assert not declared
        return
    count = seen.value.isfinite().sum(0)
    spread = (seen.value - crop).square().nanmean(0).sqrt() + 1e-4
    off = (seen.value.nanmean(0) - crop[0]).abs() > 6 * spread / count**0.5
    assert declared != bool(off.any())


def test_median_is_kept(noise: Degradation, crop: Tensor, seen: Observation) -> None:
    """At least half of the draws are at most the clean value, and half at least."""
    if Statistic.MEDIAN in noise.keeps:
        count = seen.value.isfinite().sum(0)
        for side in (seen.value <= crop, seen.value >= crop):
            assert (side.sum(0) >= 0.5 * count - 2.5 * count**0.5).all()


def test_mode_is_kept(noise: Degradation, crop: Tensor, seen: Observation) -> None:
    """More draws lie around the clean value than around any other."""
    if Statistic.MODE in noise.keeps:
        away = (seen.value - crop) / ((seen.value - crop).square().nanmean(0).sqrt() + 1e-4)
        counts = torch.histc(away[away.isfinite()], bins=9, min=-2.25, max=2.25)
        assert counts.argmax() == 4


def tells_of_neighbours(seen: Observation) -> bool:
    """Whether the noise of a pixel, or its being lost, is correlated with that of the next in its row or column."""
    values = seen.value if seen.mask is None else seen.mask.expand_as(seen.value)
    away = values - values.mean(0)
    for one, other in ((away[..., 1:], away[..., :-1]), (away[..., 1:, :], away[..., :-1, :])):
        shared = (one * other).flatten(1).mean(1)
        if shared.mean().abs() > 5 * shared.std() / DRAWS**0.5 + 1e-9:
            return True
    return False


def test_independent_noise_tells_nothing_of_neighbours(noise: Degradation, seen: Observation) -> None:
    if noise.independent:
        assert not tells_of_neighbours(seen)


SHARED = ["block", "calibrated", "mri", "text"]


@pytest.mark.parametrize("noise", [CONF / f"{name}.yaml" for name in SHARED], indirect=True, ids=SHARED)
def test_noise_that_neighbours_share_is_not_declared_independent(noise: Degradation, seen: Observation) -> None:
    assert tells_of_neighbours(seen) and not noise.independent


def test_what_keeps_nothing_is_no_target(noise: Degradation) -> None:
    assert noise.may_be_target == bool(noise.keeps)


def test_same_key_same_noise_whatever_the_neighbours(noise: Degradation, crop: Tensor) -> None:
    before = torch.get_rng_state()
    alone = noise(crop, Streams(["b"]))
    among = noise(crop.expand(3, -1, -1, -1), Streams(["a", "b", "c"]))
    # To rounding: some Fourier transforms round otherwise for several pictures than for one.
    torch.testing.assert_close(alone.value[0], among.value[1], rtol=0, atol=1e-5)
    assert alone.level is None or torch.equal(alone.level[0], among.level[1])
    assert torch.equal(before, torch.get_rng_state())


def test_input_is_left_alone_and_shape_follows_the_scale(noise: Degradation, crop: Tensor) -> None:
    kept = crop.clone()
    for dtype in (torch.float32, torch.float64):
        value = noise(crop.to(dtype), Streams([0])).value
        assert value.shape == (1, 3, SIDE // noise.scale, SIDE // noise.scale)
        assert value.dtype is dtype
    assert torch.equal(crop, kept)
    assert noise.describe().strip()


def test_what_a_network_sees_is_channels_last(noise: Degradation, crop: Tensor) -> None:
    batch = Clean()(Pictures(index=torch.arange(2), clean=crop.repeat(2, 1, 1, 1)), noise, Streams([0, 1]))
    assert batch.input.is_contiguous(memory_format=torch.channels_last)


ADDED = ["camera", "channel_gaussian", "gaussian", "gaussian_blind", "mri", "relative_gaussian", "white"]


@pytest.mark.parametrize("noise", [CONF / f"{name}.yaml" for name in ADDED], indirect=True, ids=ADDED)
def test_what_is_added_is_not_clipped(noise: Degradation, crop: Tensor) -> None:
    value = noise(crop.expand(100, -1, -1, -1), Streams(range(100))).value
    assert value.min() < 0
    assert value.max() > 1


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


def test_strength_is_within_what_is_stated(noise: Degradation) -> None:
    """At clean values where nothing is clipped, the std of many draws lies in the stated range."""
    if not isinstance(noise, Noise):
        return
    clean = torch.tensor([0.4, 0.6]).view(1, 1, 1, 2).expand(1, 3, 20, 2)
    value = noise(clean.expand(DRAWS, -1, -1, -1), Streams(range(DRAWS))).value
    seen = (value - clean).square().mean((0, 1, 2)).sqrt()
    low, high = noise.std_range(clean[0, 0, 0])
    assert (low <= 1.03 * seen).all() and (seen <= 1.03 * high).all()
    fixed = low == high
    assert torch.allclose(seen[fixed], low[fixed], rtol=0.03)
