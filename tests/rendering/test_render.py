"""A small scene by Mitsuba: unbiased, independent from draw to draw and from pixel to pixel, repeatable."""

import numpy as np
import pytest
from numpy.typing import NDArray

from denoiselab.rendering import renderer, scene
from denoiselab.rendering.renderer import Tree, render

pytest.importorskip("mitsuba")
SIZE, SAMPLES, DRAWS = 16, 4, 100
GREEN = [0.2, 0.6, 0.3]


@pytest.fixture(scope="module", autouse=True)
def _safe() -> None:
    """The variant that runs everywhere, without a probe."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renderer, "works", lambda: False)
        renderer.mitsuba.cache_clear()
        renderer.mitsuba()


@pytest.fixture(scope="module")
def tree() -> Tree:
    """A green floor that fills the picture, in light of a lamp overhead and of a dim sky."""
    flat, far = np.diag([9.0, 9, 1, 1]), np.diag([0.5, -0.5, -1, 1])
    far[:3, 3] = 0, 0, 3
    return {
        "type": "scene",
        "camera": {"type": "perspective", "fov": 40, "origin": [0, -2, 2], "target": [0, 0, 0]},
        "floor": {"type": "rectangle", "to_world": flat, "bsdf": {"type": "diffuse", "reflectance": rgb(GREEN)}},
        "lamp": {"type": "rectangle", "to_world": far, "emitter": {"type": "area", "radiance": rgb([20, 20, 20])}},
        "sky": {"type": "constant", "radiance": rgb([0.1, 0.1, 0.2])},
    }


def rgb(value: list[float]) -> Tree:
    return {"type": "rgb", "value": value}


@pytest.fixture(scope="module")
def draws(tree: Tree) -> NDArray[np.float64]:
    """Radiance of many seeds `(DRAWS, SIZE, SIZE, 3)`."""
    return np.stack([render(tree, SIZE, SAMPLES, seed)["radiance"] for seed in range(DRAWS)]).astype(np.float64)


def test_mean_of_many_seeds_is_the_reference(tree: Tree, draws: NDArray[np.float64]) -> None:
    reference = render(tree, SIZE, 100 * SAMPLES, DRAWS)["radiance"]
    error = (draws.mean(0) - reference) / (draws.std(0) * np.sqrt(2 / DRAWS))
    assert np.abs(error).max() < 6
    assert np.mean(error**2) == pytest.approx(1, abs=0.3)
    assert draws.mean() == pytest.approx(reference.mean(), rel=0.01)


def test_noise_of_neighbours_and_of_seeds_is_independent(draws: NDArray[np.float64]) -> None:
    noise = (draws - draws.mean(0))[..., 1]
    pairs = {"seeds": (noise[1:], noise[:-1]), "right": (noise[:, :, 1:], noise[:, :, :-1]),
             "below": (noise[:, 1:], noise[:, :-1])}  # fmt: skip
    for name, (one, other) in pairs.items():
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.03, name


def test_a_seed_gives_the_same_picture_again(tree: Tree) -> None:
    first, again = (render(tree, SIZE, SAMPLES, 7) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_albedo_and_normal_are_the_surface_s(tree: Tree) -> None:
    layers = render(tree, SIZE, SAMPLES, 0)
    middle = {name: picture[SIZE // 2, SIZE // 2] for name, picture in layers.items()}
    assert middle["albedo"] == pytest.approx(GREEN, abs=1e-5)
    assert middle["normal"] == pytest.approx([0, 0, 1], abs=1e-5)
    assert middle["radiance"].min() > 0.05


def test_random_scenes_render_finite_and_lit() -> None:
    for seed in range(6):
        layers = render(scene(seed), SIZE, SAMPLES, 0)
        assert all(np.isfinite(picture).all() and picture.shape == (SIZE, SIZE, 3) for picture in layers.values())
        assert (layers["radiance"] >= 0).all() and np.median(layers["radiance"]) > 0.005
        assert layers["normal"].std() > 0.05 and layers["albedo"].std() > 0.01
