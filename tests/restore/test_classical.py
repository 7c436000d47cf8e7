"""Which classical baseline stands beside a network, by its noise."""

from pathlib import Path

import pytest
import yaml

from denoiselab.config import build
from denoiselab.degradations import Impulse, SaltAndPepper
from denoiselab.domains import PHOTOGRAPH
from denoiselab.restore import classical_baselines

NOISES = sorted((Path(__file__).parents[2] / "conf" / "noise").glob("*.yaml"))
SUITED = {
    "median": ["impulse", "salt_and_pepper", "text"],
    "harmonic": ["bernoulli", "block"],
    "bilinear bicubic": ["average_pool", "bicubic"],
}
OWN = {noise: set(names.split()) for names, noises in SUITED.items() for noise in noises}


@pytest.mark.parametrize("path", NOISES, ids=lambda path: path.stem)
def test_each_noise_has_its_own(path: Path) -> None:
    noise = build(yaml.safe_load(path.read_text()), "noise", trust=False)
    found = {baseline.name for baseline in classical_baselines(noise, PHOTOGRAPH)}
    assert found - {"BM3D"} == OWN.get(path.stem, {"NLM", "TV", "wavelet"})


@pytest.mark.parametrize("noise", [Impulse(p=0.9), SaltAndPepper(p=0.9, low=0.0, high=1.0)])
def test_many_replaced_pixels_are_still_replaced(noise: Impulse | SaltAndPepper) -> None:
    assert [baseline.name for baseline in classical_baselines(noise, PHOTOGRAPH)] == ["median"]
