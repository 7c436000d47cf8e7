"""A simulated camera is measured from pairs, a burst, flat frames and dark ones."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage import data

from denoiselab.diagnosis.camera import Camera, fit
from denoiselab.diagnosis.tally import Recording, Tally, of_burst, of_flat, of_pair
from denoiselab.errors import UserError
from denoiselab.report.camera import described, unlike

GAIN, BLACK = 1 / 400, 0.01**2


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def photo() -> NDArray[np.float32]:
    return 0.1 + 0.6 * data.chelsea()[:280, :440].astype(np.float32) / 255


def shot(scene: NDArray[np.float32], random: np.random.Generator, radius: float = 0) -> NDArray[np.float32]:
    """A sensor's recording, through a Gaussian filter if it has a radius."""
    noise = random.standard_normal(scene.shape)
    if radius:
        noise = gaussian_filter(noise, (radius, radius, 0), mode="wrap")
    return (scene + np.sqrt(BLACK + GAIN * scene) * noise / noise.std()).astype(np.float32)


def camera(*recordings: Recording) -> Camera:
    tally = Tally()
    for recording in recordings:
        tally.add(recording)
    return fit(tally)


def is_the_sensor(found: Camera) -> None:
    assert found.straight and not found.clipped
    assert found.gain == pytest.approx(GAIN, rel=0.06)
    assert found.line(np.array([0.15]))[0] == pytest.approx((BLACK + GAIN * 0.15) ** 0.5, rel=0.04)
    assert found.knots == pytest.approx(np.sqrt(BLACK + GAIN * np.linspace(0, 1, 17)), rel=0.3)
    assert found.neighbours == () and found.channels < 0.02


def test_a_pair(random: np.random.Generator) -> None:
    is_the_sensor(camera(of_pair(shot(photo(), random), photo())))


def test_a_burst(random: np.random.Generator) -> None:
    is_the_sensor(camera(*of_burst([shot(photo(), random) for _ in range(4)])))


def test_flat_frames_with_shading(random: np.random.Generator) -> None:
    """Even surfaces at several exposures, a fifth darker towards a corner."""
    shading = np.linspace(1, 0.8, 256)[:, None, None] * np.ones((1, 256, 3))
    frames = [shot((level * shading).astype(np.float32), random) for level in (0.1, 0.25, 0.5, 0.8)]
    is_the_sensor(camera(*map(of_flat, frames)))


def test_a_dark_frame_that_is_cut_at_black(random: np.random.Generator) -> None:
    found = camera(of_flat(shot(np.zeros((256, 256, 1), np.float32), random).clip(0)))
    assert found.clipped and found.gain == 0 and found.narrow
    assert "taken for all" in " ".join(described(found, "a"))
    assert found.black**0.5 == pytest.approx(BLACK**0.5, rel=0.05)


def test_what_is_shared(random: np.random.Generator) -> None:
    """Through a Gaussian of radius s, pixels k apart have the correlation exp(-k² / 4 s²)."""
    radius, common = 0.7, 0.3
    white = random.standard_normal((300, 300, 3)) * (1 - common) ** 0.5
    noise = gaussian_filter(white + common**0.5 * random.standard_normal((300, 300, 1)), (radius, radius, 0))
    found = camera(of_pair((0.5 + 0.05 * noise / noise.std()).astype(np.float32), np.full((300, 300, 3), 0.5)))
    assert found.neighbours == pytest.approx(np.exp([-1 / (4 * radius**2), -4 / (4 * radius**2)]), abs=0.03)
    assert found.channels == pytest.approx(common, abs=0.03)


def test_noise_that_is_no_sensors(random: np.random.Generator) -> None:
    """Strongest at middle gray, as after a tone curve."""
    scene = np.linspace(0.05, 0.95, 400, dtype=np.float32)[:, None, None].repeat(300, 1)
    level = 0.01 + 0.04 * np.sin(np.pi * scene)
    found = camera(of_pair((scene + level * random.standard_normal(scene.shape)).astype(np.float32), scene))
    assert not found.straight
    assert found.knots[[4, 8, 12]] == pytest.approx(0.01 + 0.04 * np.sin(np.pi * np.array([0.25, 0.5, 0.75])), rel=0.05)


def test_levels_of_the_recordings(random: np.random.Generator) -> None:
    scene = np.linspace(0.1, 0.9, 400, dtype=np.float32)[:, None, None].repeat(300, 1)
    noise = 0.02 * random.standard_normal((3, *scene.shape)) * np.array([1, 1, 2])[:, None, None, None]
    pairs = [of_pair((scene + one).astype(np.float32), scene) for one in noise]
    found = camera(*pairs)
    assert found.levels == pytest.approx(np.array([1, 1, 2]) / 2**0.5, rel=0.02)  # the mean variance is 2
    assert "0.71 of it in a, 1.41 in c" in unlike(found, "abc")[0]
    assert unlike(camera(*pairs[:2]), "ab") == []


def test_pictures_without_noise() -> None:
    with pytest.raises(UserError, match="there is no noise in these pictures"):
        camera(of_pair(photo(), photo()))
    with pytest.raises(UserError, match="there is no noise in these pictures"):
        camera(of_flat(np.zeros((300, 400, 1), np.float32)))


def test_too_little() -> None:
    with pytest.raises(UserError, match="too few pixels"):
        of_flat(np.zeros((20, 40, 1), np.float32))
    with pytest.raises(UserError, match="too few pixels"):
        camera(of_pair(*np.zeros((2, 20, 20, 1), np.float32)))
