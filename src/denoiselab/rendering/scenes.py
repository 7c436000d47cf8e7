"""Scenes made of random numbers: things in a room, in the open or in a studio, with light and a camera.

A scene is plain data in Mitsuba's words (https://mitsuba.readthedocs.io): nested dicts of numbers, texts and arrays.
Lengths are about metres, z is up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from denoiselab.rendering.shapes import moved, scaled, thing, tipped, turned
from denoiselab.rendering.surfaces import Tree, matt

Array = NDArray[Any]
REACH = 2.2
"""How far from the middle things stand."""


def scene(seed: int) -> Tree:
    """The scene of a seed, without a film: the same on every machine."""
    random = np.random.default_rng(seed)
    place = (room, open_air, studio)[random.integers(3)]
    parts = [*place(random), *things(random)]
    return {"type": "scene", "camera": camera(random), **{f"part{i}": part for i, part in enumerate(parts)}}


def things(random: Generator) -> list[Tree]:
    """Things beside each other, none within another."""
    placed: list[tuple[Array, float]] = []
    found: list[Tree] = []
    for _ in range(60):
        radius, spot = random.uniform(0.35, 1.0), random.uniform(-REACH, REACH, 2)
        if all(np.linalg.norm(spot - other) > radius + size for other, size in placed):
            placed.append((spot, radius))
    for spot, radius in placed[: random.integers(6, 14)]:
        found += thing(random, spot, radius)
    return found


def camera(random: Generator) -> Tree:
    """From in front, a little above, towards the middle."""
    angle, distance = random.uniform(-0.7, 0.7), random.uniform(4.0, 5.2)
    origin = [distance * np.sin(angle), -distance * np.cos(angle), random.uniform(0.8, 3.2)]
    target = [*random.uniform(-0.6, 0.6, 2), random.uniform(0.4, 0.9)]
    return {"type": "perspective", "fov": random.uniform(32, 48), "origin": origin, "target": target}


def room(random: Generator) -> list[Tree]:
    """Floor, ceiling and walls; a lamp that shines down or only up to the ceiling, and some bulbs or a window."""
    parts = [floor(random, 6.0), wall(random, moved(0, 4.2, 2.5)), plane(random, moved(0, 0, 5) @ tipped(np.pi), 6.0)]
    parts += [wall(random, turned(side) @ moved(0, 5.8, 2.5)) for side in (np.pi / 2, -np.pi / 2, np.pi)]
    across, along = random.uniform(-1.5, 1.5, 2)
    hung = moved(across, along, random.uniform(4, 4.9))
    parts.append(lamp(random, hung if random.random() < 0.4 else hung @ tipped(np.pi), random.uniform(80, 200)))
    if random.random() < 0.4:
        side = (-1) ** random.integers(2)
        window = turned(side * np.pi / 2) @ moved(random.uniform(-2, 2), 5.7, 2.4) @ tipped(np.pi / 2)
        parts.append(lamp(random, window, random.uniform(50, 200)))
    return [*parts, *(bulb(random) for _ in range(random.integers(3)))]


def open_air(random: Generator) -> list[Tree]:
    """A floor under a sky with a sun."""
    parts = [floor(random, 40.0), {"type": "sky", "pixels": sky(random)}]
    if random.random() < 0.4:
        parts.append(wall(random, turned(random.uniform(-0.5, 0.5)) @ moved(0, 4.2, random.uniform(0, 2))))
    return parts


def studio(random: Generator) -> list[Tree]:
    """A floor and a backdrop in dim even light, with lamps around."""
    even = {"type": "constant", "radiance": {"type": "rgb", "value": tint(random) * random.uniform(0.02, 0.2)}}
    parts = [floor(random, 12.0), wall(random, moved(0, 5, 2)), even]
    for _ in range(random.integers(1, 4)):
        around = turned(random.uniform(-2.2, 2.2)) @ moved(0, -random.uniform(4, 6), random.uniform(2.5, 5))
        parts.append(lamp(random, around @ tipped(-2.2), random.uniform(60, 240)))
    return [*parts, *(bulb(random) for _ in range(random.integers(3)))]


def floor(random: Generator, size: float) -> Tree:
    """The ground."""
    return plane(random, np.eye(4), size)


def wall(random: Generator, where: Array) -> Tree:
    """Upright, seen from the front."""
    return plane(random, where @ tipped(np.pi / 2), 6.0)


def plane(random: Generator, where: Array, size: float) -> Tree:
    """A square of matt texture, which repeats about every two metres."""
    surface = matt(random)
    paint = surface["bsdf"]["reflectance"]
    if "repeat" in paint:
        paint["repeat"] = max(1, round(size * random.uniform(0.3, 1.0)))
    return {"type": "rectangle", "to_world": where @ np.diag([size, size, 1, 1]), "bsdf": surface}


def lamp(random: Generator, where: Array, power: float) -> Tree:
    """A rectangle that shines along its normal; power is radiance times area."""
    size = np.exp(random.uniform(np.log(0.15), np.log(0.9), 2))
    place = where @ np.diag([*size, 1, 1])
    return {"type": "rectangle", "to_world": place, "emitter": light(random, power / (4 * size[0] * size[1]))}


def bulb(random: Generator) -> Tree:
    """A ball that hangs in the air and shines."""
    radius, place = random.uniform(0.08, 0.25), [*random.uniform(-2.5, 2.5, 2), random.uniform(1.8, 3.2)]
    shining = light(random, random.uniform(5, 40) / (4 * np.pi * radius**2))
    return {"type": "sphere", "to_world": moved(*place) @ scaled(radius), "emitter": shining}


def light(random: Generator, radiance: float) -> Tree:
    """What makes a form shine."""
    return {"type": "area", "radiance": {"type": "rgb", "value": tint(random) * radiance}}


def tint(random: Generator) -> Array:
    """The colour of a light, from warm to cool, its mean 1."""
    warmth = random.uniform(-0.5, 0.5)
    value = np.array([1 + 0.6 * warmth, 1.0, 1 - 0.8 * warmth])
    return np.asarray(value / value.mean())


def sky(random: Generator) -> Array:
    """Radiance of the upper and lower half `(128, 256, 3)`: a gradient with clouds and a blurred sun, dark below."""
    height, width = 128, 256
    up = np.cos(np.linspace(0, np.pi, height))[:, None, None]
    zenith, horizon = random.uniform(0.1, 0.5) * np.array([0.5, 0.8, 1.4]), random.uniform(0.4, 1.0) * tint(random)
    light = np.where(up > 0, horizon + (zenith - horizon) * np.sqrt(np.maximum(up, 0)), 0.2)
    light = np.broadcast_to(light, (height, width, 3))
    slope, around = random.uniform(0.15, 0.4) * np.pi, random.uniform(0, 2 * np.pi)
    rows, columns = np.linspace(0, np.pi, height)[:, None], np.arange(width) * 2 * np.pi / width
    cosine = np.cos(rows) * np.cos(slope) + np.sin(rows) * np.sin(slope) * np.cos(columns - around)
    width_of_sun = random.uniform(0.04, 0.15)
    sun = np.exp((cosine - 1) / width_of_sun**2)[..., None] * tint(random) * random.uniform(0.5, 2) / width_of_sun**2
    return np.round(light + sun, 3)
