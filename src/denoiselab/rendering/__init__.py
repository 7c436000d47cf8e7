"""Pictures by Monte Carlo path tracing: scenes made of random numbers, rendered by Mitsuba, kept on disk."""

from denoiselab.rendering.cache import Shot, rendered
from denoiselab.rendering.renderer import LAYERS, Layers, render
from denoiselab.rendering.scenes import scene

__all__ = ["LAYERS", "Layers", "Shot", "render", "rendered", "scene"]
