"""What things are made of: reflection and refraction with random numbers."""

from __future__ import annotations

from typing import Any

from numpy.random import Generator

from denoiselab.rendering.textures import colour, texture

Tree = dict[str, Any]
METALS = ("Ag", "Al", "Au", "Cr", "Cu", "W")


def surface(random: Generator) -> Tree:
    """Textured or plain matt, glossy paint, rough metal, and glass: for closed shapes."""
    kind = random.random()
    if kind < 0.4:
        return matt(random)
    if kind < 0.6:
        return {"type": "roughplastic", "alpha": random.uniform(0.05, 0.3), "diffuse_reflectance": paint(random)}
    if kind < 0.82:
        metal = METALS[random.integers(len(METALS))]
        return {"type": "roughconductor", "material": metal, "alpha": random.uniform(0.04, 0.4)}
    if kind < 0.9:
        return {"type": "roughdielectric", "alpha": random.uniform(0.05, 0.25), "int_ior": 1.5}
    return {"type": "dielectric", "int_ior": random.uniform(1.33, 1.7)}


def matt(random: Generator) -> Tree:
    """A surface that scatters evenly, on both sides."""
    return {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": paint(random)}}


def paint(random: Generator) -> Tree:
    """A texture, repeated a few times over the surface, or one colour."""
    if random.random() < 0.25:
        return {"type": "rgb", "value": colour(random)}
    return {"type": "bitmap", "pixels": texture(random), "repeat": int(random.integers(1, 4))}
