"""Things that stand in a scene: their forms and places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from denoiselab.rendering.surfaces import Tree, surface

Array = NDArray[Any]
AROUND, ALONG = 48, 24
"""Points of a curved form in its two directions."""


def thing(random: Generator, place: Array, radius: float) -> list[Tree]:
    """Something that stands on the floor within a circle: one of the forms below, some with another on top."""
    forms = (ball, box, column, ring, vase, blob, knot, stack)
    form = forms[random.integers(len(forms))]
    return form(random, moved(place[0], place[1], 0) @ turned(random.uniform(0, 2 * np.pi)) @ scaled(radius))


def made(random: Generator, form: Tree) -> list[Tree]:
    """A form and what it is made of."""
    return [{**form, "bsdf": surface(random)}]


def ball(random: Generator, where: Array) -> list[Tree]:
    """A sphere."""
    return made(random, {"type": "sphere", "to_world": where @ moved(0, 0, 0.7) @ scaled(0.7)})


def box(random: Generator, where: Array) -> list[Tree]:
    """A block of any proportions."""
    width, depth, height = random.uniform(0.25, 0.65), random.uniform(0.25, 0.65), random.uniform(0.2, 1.3)
    return made(random, {"type": "cube", "to_world": where @ moved(0, 0, height) @ np.diag([width, depth, height, 1])})


def column(random: Generator, where: Array) -> list[Tree]:
    """A round column with a ball on it."""
    radius, height = random.uniform(0.2, 0.6), random.uniform(0.6, 2.2)
    bevel = 0.05 * radius
    half = np.array([[radius - 2 * bevel, 0], [radius - bevel, 0], [radius, bevel], [radius, 2 * bevel]])
    sides = np.concatenate([half, (half * [1, -1] + [0, height])[::-1]])
    return [
        *made(random, curved(revolved(sides), capped=True) | {"to_world": where}),
        *made(random, {"type": "sphere", "to_world": where @ moved(0, 0, height + radius) @ scaled(radius)}),
    ]


def ring(random: Generator, where: Array) -> list[Tree]:
    """A torus, lying or upright."""
    thick = random.uniform(0.12, 0.3)
    points = tube(lambda t: np.stack([np.cos(t), np.sin(t), 0 * t], -1) * (0.9 - thick), thick)
    if random.random() < 0.5:
        return made(random, {**curved(points), "to_world": where @ moved(0, 0, thick)})
    return made(random, {**curved(points), "to_world": where @ moved(0, 0, 0.9) @ tipped(np.pi / 2)})


def knot(random: Generator, where: Array) -> list[Tree]:
    """A torus knot."""
    turns = 2 * random.integers(1, 3) + 1

    def line(t: Array) -> Array:
        reach = 0.55 + 0.2 * np.cos(turns * t)
        return np.stack([reach * np.cos(2 * t), reach * np.sin(2 * t), 0.2 * np.sin(turns * t)], -1)

    height = 0.2 + (thick := random.uniform(0.07, 0.12))
    return made(random, {**curved(tube(line, thick, 4 * AROUND)), "to_world": where @ moved(0, 0, height)})


def vase(random: Generator, where: Array) -> list[Tree]:
    """A turned form: a smooth random outline about the vertical."""
    height = np.linspace(0, random.uniform(0.8, 1.8), ALONG)
    waves = sum(random.uniform(-0.12, 0.12) * np.sin(k * 2 * height + random.uniform(0, 6)) for k in (1, 2, 3))
    outline = np.stack([np.clip(0.4 + waves, 0.08, 0.9), height], -1)
    return made(random, curved(revolved(outline), capped=True) | {"to_world": where})


def blob(random: Generator, where: Array) -> list[Tree]:
    """A dented ball."""
    slope, angle = np.meshgrid(np.linspace(0, np.pi, ALONG + 2)[1:-1], full_turn(AROUND), indexing="ij")
    out = np.stack([np.sin(slope) * np.cos(angle), np.sin(slope) * np.sin(angle), -np.cos(slope)], -1)
    waves = [random.uniform(0, 0.1) * np.sin(out @ random.normal(0, 3, 3) + random.uniform(0, 6)) for _ in range(4)]
    dents = np.sum(waves, axis=0)
    return made(random, curved(out * (0.6 + dents[..., None]), capped=True) | {"to_world": where @ moved(0, 0, 0.75)})


def stack(random: Generator, where: Array) -> list[Tree]:
    """Blocks on top of each other, each turned and smaller."""
    things, top = [], 0.0
    for width in sorted(random.uniform(0.2, 0.65, random.integers(2, 5)), reverse=True):
        half = random.uniform(0.08, 0.3)
        place = where @ moved(0, 0, top + half) @ turned(random.uniform(0, np.pi)) @ np.diag([width, width, half, 1])
        things += made(random, {"type": "cube", "to_world": place})
        top += 2 * half
    return things


def curved(points: Array, capped: bool = False) -> Tree:
    """Points `(M, N, 3)`, closed in N, as a form; capped: its two ends in M are closed too, else it runs round."""
    return {"type": "curved", "points": np.round(points, 4), "capped": capped}


def revolved(outline: Array) -> Array:
    """Radius and height `(M, 2)` -> points `(M, AROUND, 3)` about the vertical."""
    angle = full_turn(AROUND)
    radius, height = outline[:, :1], outline[:, 1:] + 0 * angle
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), height], -1)


def tube(line: Callable[[Array], Array], radius: float, many: int = 2 * AROUND) -> Array:
    """A closed line -> points `(many, ALONG, 3)` around it."""
    t = full_turn(many)
    ahead = line(t + 1e-3) - line(t - 1e-3)
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    side = np.cross(ahead, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side, axis=-1, keepdims=True)
    up, angle = np.cross(side, ahead), full_turn(ALONG)[:, None]
    return line(t)[:, None] + radius * (np.cos(angle) * side[:, None] - np.sin(angle) * up[:, None])


def full_turn(many: int) -> Array:
    """Angles, the last one before the first again."""
    return np.arange(many) * 2 * np.pi / many


def moved(x: float, y: float, z: float) -> Array:
    """A translation, 4 x 4."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def scaled(factor: float) -> Array:
    """An enlargement."""
    return np.diag([factor, factor, factor, 1.0])


def turned(angle: float) -> Array:
    """A turn about the vertical."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])


def tipped(angle: float) -> Array:
    """A turn about the x axis."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1]])
