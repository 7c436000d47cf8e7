"""Which checkpoint a picture is given to, and what is said of it."""

import re
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.degradations import Gaussian, Noise, PoissonGaussian, Recorded
from denoiselab.diagnosis import Diagnosis
from denoiselab.diagnosis.line import Line
from denoiselab.errors import UserError
from denoiselab.io import Picture, page_of
from denoiselab.networks.signature import Signature
from denoiselab.restore import FileDenoiser, candidates
from denoiselab.restore.candidates import Candidate, best
from denoiselab.restore.doctor import MOST, Doctor, described, sampled, warning


def candidate(name: str, noise: Any, channels: int = 3) -> Candidate:
    return Candidate(Path(name), noise, channels)


def gaussian(*sigma: float) -> Noise:
    return Gaussian(sigma=sigma if len(sigma) > 1 else sigma[0], clip=False)


HAND = [
    candidate("15", gaussian(15)),
    candidate("15 gray", gaussian(15), channels=1),
    candidate("50", gaussian(50)),
    candidate("blind", gaussian(0, 55)),
    candidate("camera", PoissonGaussian(photons=[50, 200], sigma=[1, 5])),
    candidate("recorded", Recorded()),
]


def found(sigma: float, slope: float = 0, correlation: float = 0) -> Diagnosis:
    line = Line((sigma / 255) ** 2, slope)
    return Diagnosis(std=0.1, variance=line, darkest=0.1, brightest=0.9, correlation=correlation, cut=0)


@pytest.mark.parametrize(
    ("diagnosis", "name", "fits"),
    [
        (found(15.5), "15", True),
        (found(30), "blind", True),
        (found(50), "50", True),
        (found(3, slope=0.01), "camera", True),
        (found(10, correlation=0.6), "recorded", False),
        (found(150), "recorded", False),
        (found(75), "blind", False),
    ],
)
def test_the_nearest_noise(diagnosis: Diagnosis, name: str, fits: bool) -> None:
    chosen = best(HAND, diagnosis, channels=3)
    assert chosen.file.name == name
    assert ("WARNING" not in warning(diagnosis, chosen)) == fits


def test_noise_that_colours_share_goes_to_a_gray_network() -> None:
    shared = replace(found(15), between=0.99)
    assert not replace(shared, std=1 / 255).shared
    assert best(HAND, shared, channels=3).file.name == "15 gray"
    assert "all channels share" in warning(shared, HAND[0]) and warning(shared, HAND[1]) == ""
    assert "shared by the colours" in described(shared, colours=True)
    assert "shared" not in described(shared, colours=False)


def test_dark_and_wrongly_scaled_pictures_are_said() -> None:
    dark = replace(found(0.3), std=0.3 / 255, brightest=0.014)
    assert described(dark, colours=False) == "hardly any noise (sigma 0.3, mostly below 1 % of white)"
    assert "reach 250 times white, which is 1" in warning(replace(found(6000), brightest=250.0), HAND[3])


def test_of_equals_the_one_of_the_pictures_channels() -> None:
    assert best(HAND, found(15), channels=1).file.name == "15 gray"


def test_white_networks_are_warned_of_on_noise_that_neighbours_share() -> None:
    assert "neighbours share" in warning(found(15, correlation=0.6), HAND[0])
    assert "3.3 times as strong as this one's: some of it will stay" in warning(found(50), HAND[0])
    assert "3.0 times weaker: fine detail may go" in warning(found(5), HAND[0])


def test_the_strength_of_correlated_noise_is_told_roughly() -> None:
    camera = candidate("camera", gaussian(5))
    camera.noise.correlation = 0.7
    for sigma, sure in ((5, True), (12, True), (2, True), (20, False)):
        assert (warning(found(sigma, correlation=0.7), camera) == "") == sure
        assert (warning(found(sigma), HAND[3]) == "") or sigma > 55


def test_both_warnings_where_both_hold() -> None:
    said = warning(found(60, correlation=0.6), HAND[0])
    assert "neighbours share" in said and "4.0 times as strong" in said


def test_hardly_any_noise_is_said_and_dots_are_warned_of() -> None:
    faint = replace(found(0.5, correlation=0.6), std=0.5 / 255)
    assert described(faint, colours=True) == "hardly any noise (sigma 0.5)" and warning(faint, HAND[3]) == ""
    dotted = replace(found(20), std=20 / 255, dots=0.05)
    assert "5.0 % of the values dots" in described(dotted, colours=True) and "a median filter" in warning(
        dotted, HAND[3]
    )


def test_a_large_picture_is_looked_at_in_bands() -> None:
    picture = np.random.default_rng(0).random((3000, 1000, 1), np.float32)
    bands = list(sampled(page_of(Picture(picture))))
    assert sum(band.size for band in bands) <= MOST
    np.testing.assert_array_equal(bands[1], picture[375 : 375 + len(bands[1])])
    assert [band.shape for band in sampled(page_of(Picture(picture[:20])))] == [(20, 1000, 1)]
    wide = [band.shape for band in sampled(page_of(Picture(np.zeros((100, 30000, 1), np.float32))))]
    assert wide and all(shape == (16, 30000, 1) for shape in wide)
    (flat,) = sampled(page_of(Picture(np.zeros((4, 600_000, 1), np.uint8))))
    assert flat.shape == (4, 600_000, 1)


def test_each_denoiser_is_made_once() -> None:
    made = []

    def ready(one: Candidate) -> FileDenoiser:
        made.append(one.file.name)
        return FileDenoiser(lambda tile: tile, Signature(radius=0), 3)

    doctor, random = Doctor(HAND, ready), np.random.default_rng(0)
    for _ in range(2):
        noisy = 0.5 + 50 / 255 * random.standard_normal((80, 80, 3), np.float32)
        _, line = doctor([page_of(Picture(noisy))])
        assert re.fullmatch(r"noise of sigma (4[6-9]|5[0-4])\.\d; by 50 \(Gaussian, sigma 50 of 255\)", line)
    assert made == ["50"]


def test_a_picture_too_small_to_tell_goes_to_the_widest_range_of_its_channels() -> None:
    doctor = Doctor(HAND, lambda one: FileDenoiser(lambda tile: tile, Signature(radius=0), one.channels))
    for shape, name in (((1, 1, 3), "blind"), ((5000, 1, 1), "15 gray")):
        denoiser, line = doctor([page_of(Picture(np.zeros(shape, np.float32)))])
        assert line.startswith(f"too small to tell its noise; by {name} (Gaussian") and denoiser.channels == shape[2]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["experiment=stacked_dae", "noise=gaussian", "~noise.p", "~noise.refill", "data.root=/data"], "28 x 28 alone"),
        (["experiment=dense_dae", "data.root=/data"], "28 x 28 alone"),
        (["model=dncnn", "noise=bernoulli", "data=photos"], "trained for something else"),
        (["model=dncnn", "noise=gaussian", "data=photos"], None),
    ],
)
def test_who_may_be_chosen(root: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str | None) -> None:
    with initialize_config_dir(str(root / "conf"), version_base="1.3"):
        config: Any = OmegaConf.to_container(compose("train", words), resolve=True)
    monkeypatch.setattr(candidates, "read_checkpoint", lambda file: {"denoiselab": {"config": config}})
    with nullcontext() if why is None else pytest.raises(UserError, match=why):
        candidates.candidate(Path("best.ckpt"), trust=False)
