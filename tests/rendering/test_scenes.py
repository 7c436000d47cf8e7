"""Scenes as plain data: repeatable, varied, of sound textures and forms."""

from typing import Any

import numpy as np
import pytest

from denoiselab.rendering import scene
from denoiselab.rendering.cache import digest
from denoiselab.rendering.renderer import triangles
from denoiselab.rendering.textures import SIDE, texture


def found(node: Any, kind: str) -> list[dict[str, Any]]:
    """All nodes of a type."""
    if not isinstance(node, dict):
        return []
    own = [node] if node.get("type") == kind else []
    return own + [match for value in node.values() for match in found(value, kind)]


MANY = [scene(seed) for seed in range(40)]


def test_a_seed_is_a_scene() -> None:
    digest.cache_clear()
    first = [digest(seed) for seed in range(20)]
    digest.cache_clear()
    assert [digest(seed) for seed in range(20)] == first
    assert len(set(first)) == 20


@pytest.mark.parametrize(
    "kind",
    [
        "sphere", "cube", "curved", "rectangle", "bitmap", "diffuse", "roughplastic", "roughconductor", "dielectric",
        "area", "constant", "sky",
    ],
)  # fmt: skip
def test_every_kind_of_form_surface_and_light_appears(kind: str) -> None:
    assert any(found(tree, kind) for tree in MANY)


def test_every_scene_has_light() -> None:
    assert all(any(found(tree, kind) for kind in ("area", "sky", "constant")) for tree in MANY)


def test_textures_are_reflectances_that_vary() -> None:
    random = np.random.default_rng(0)
    made = [texture(random) for _ in range(60)]
    assert all(picture.shape == (SIDE, SIDE, 3) and picture.dtype == np.uint8 for picture in made)
    assert max(picture.max() for picture in made) <= 0.86 * 255
    assert sum(picture.std((0, 1)).max() > 4 for picture in made) > 50


def test_curved_forms_are_closed_and_face_outward() -> None:
    forms = [form for tree in MANY for form in found(tree, "curved")]
    assert {form["capped"] for form in forms} == {True, False}
    for form in forms:
        vertices, faces, places = triangles(form["points"], form["capped"])
        corners = vertices[faces]
        volume = np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
        area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(0)
        assert volume > 0
        assert np.abs(area).max() < 1e-6
        assert places.min() == 0 and places.max() == 1
