"""What is said of data that is wrong: recordings that are cut, copied, mixed up, or other than their names say."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from skimage import data, filters

from denoiselab.data.store import PictureStore
from denoiselab.supervision import Clean, Neighbours, Noise2Noise, Supervision
from denoiselab.training.cautions import clipped, mismatched, neighbourly, noisy_targets, samples, unlike

CAT, CUP, HEAD = (
    picture()[:256, :256].astype(np.float32) / 255 for picture in (data.chelsea, data.coffee, data.astronaut)
)
PAIRS, ALONE = Noise2Noise(force=False), Neighbours(force=False)


def noisy(picture: np.ndarray, sigma: float = 25, seed: int = 0, radius: float = 0) -> np.ndarray:
    """With white noise, or such as neighbours share."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape)
    noise = filters.gaussian(noise, radius, channel_axis=-1) if radius else noise
    return (picture + sigma / 255 * noise / noise.std()).astype(np.float32)


def held(supervision: Supervision, **layers: Sequence[np.ndarray]) -> Any:
    """Data with these layers of its training pictures."""
    pictures = {name: [torch.from_numpy(picture) for picture in layer] for name, layer in layers.items()}
    names = [f"{i}.png" for i in range(len(next(iter(layers.values()))))]
    return SimpleNamespace(stores={"train": PictureStore.of(pictures, names)}, supervision=supervision)


def test_values_at_black_and_white_are_cut_noise_unless_others_lie_beyond() -> None:
    shot = noisy(CAT, 60)
    (line,) = clipped(held(PAIRS, shot0=[shot.clip(0.3, 0.6) / 0.3 - 1]))
    assert "% of the noisy values lie at black or white" in line
    assert not clipped(held(PAIRS, shot0=[(shot / 0.3 - 1).clip(-1, 2)])), "floats that nothing was cut from"
    assert not clipped(held(Clean(), shot0=[shot.clip(0.3, 0.6) / 0.3 - 1])), "they are no targets"


def test_shots_that_are_one_picture() -> None:
    first, second = [noisy(CAT), noisy(CUP)], [noisy(CAT), noisy(CUP, seed=1)]
    (line,) = mismatched(held(PAIRS, shot0=first, shot1=second))
    assert line.startswith("1 of 2 scenes that were looked at are the same picture twice (0.png)")


def test_shots_of_different_scenes() -> None:
    first, second = [noisy(CAT), noisy(CUP)], [noisy(CAT, seed=1), noisy(HEAD)]
    (line,) = mismatched(held(PAIRS, shot0=first, shot1=second))
    assert line.startswith("1 of 2 scenes that were looked at are two different pictures (1.png)")
    (line,) = mismatched(held(Clean(), shot0=[noisy(HEAD)], clean=[CAT]))
    assert "two different pictures" in line, "a clean picture too"


@pytest.mark.parametrize("radius", [0, 1, 2])
@pytest.mark.parametrize("sigma", [5, 50, 150])
@pytest.mark.parametrize("picture", [CAT, 0.5 + 0.01 * CAT, np.full_like(CAT, 0.5)], ids=["cat", "faint", "flat"])
def test_shots_of_one_scene_are_alike_whatever_the_noise(picture: np.ndarray, sigma: float, radius: float) -> None:
    shots = (torch.from_numpy(noisy(picture, sigma, seed, radius)).movedim(-1, 0)[None] for seed in range(2))
    assert not unlike(*shots)


def test_rows_that_are_shifted_alike_are_no_picture() -> None:
    random = np.random.default_rng(0)
    shots = [0.5 + 0.02 * random.standard_normal((256, 1, 1)) + 0.01 * random.standard_normal((256, 256, 1))] * 2
    shots[1] = 0.5 + 0.02 * random.standard_normal((256, 1, 1)) + 0.01 * random.standard_normal((256, 256, 1))
    assert not unlike(*(torch.from_numpy(shot).movedim(-1, 0)[None] for shot in shots))


def test_single_pictures_whose_noise_neighbours_share() -> None:
    (line,) = neighbourly(held(ALONE, shot0=[noisy(CAT, radius=1)]))
    assert line.startswith("neighbouring pixels share the noise (correlation 0.7")
    assert not neighbourly(held(ALONE, shot0=[noisy(CAT)]))
    assert not neighbourly(held(PAIRS, shot0=[noisy(CAT, radius=1)])), "two shots don't share it"


def test_clean_pictures_that_are_noisy() -> None:
    (line,) = noisy_targets(held(Clean(), shot0=[noisy(CAT)], clean=[noisy(CAT, seed=1)]))
    assert line.startswith("there seems to be noise of sigma 2") and "data.target_is=noisy" in line
    assert not noisy_targets(held(Clean(), shot0=[noisy(CAT)], clean=[CAT]))
    assert not noisy_targets(held(Clean(), shot0=[noisy(CAT, 50)], clean=[noisy(CAT, 16)])), "a mean of a few"
    assert not noisy_targets(held(PAIRS, shot0=[noisy(CAT)], shot1=[noisy(CAT, seed=1)]))


def test_pictures_too_small_to_tell_are_not_judged() -> None:
    for side in (12, 100):
        small = noisy(CAT)[:side, :side]
        given = held(Clean(), shot0=[small], clean=[noisy(CAT, seed=1)[:side, :side]])
        assert not (mismatched(given) or noisy_targets(given) or neighbourly(held(ALONE, shot0=[small])))


def test_only_the_middle_of_a_large_picture_is_looked_at() -> None:
    large = np.zeros((1500, 1100, 3), np.float32)
    ((_, sample),) = samples(held(PAIRS, shot0=[large]), 16)
    assert sample["shot0"].shape == (1, 3, 1024, 1024)
