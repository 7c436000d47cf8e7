"""Files -> a store: decoding, gray and RGB, and what to do about a broken file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.store import PictureStore, content_key
from denoiselab.errors import UserError
from denoiselab.io import read_picture, to_channels
from denoiselab.units import to_float

Files = dict[str, Path]
"""The file of each layer of one scene: `clean`, `shot0`, `shot1`, ..."""


def read_store(scenes: list[Files], channels: int, notes: list[str], *, skip_broken: bool) -> PictureStore | None:
    """Decode scenes into a store.

    skip_broken: leave a file out that can't be read, and note it (a training set of thousands goes
        on); otherwise it is an error (a test set's mean must not change silently).
    notes: collects what a person should know: files left out, pictures converted.
    """
    layers: dict[str, list[Tensor]] = {}
    names: list[str] = []
    keys: list[str] = []
    converted = False
    for scene in scenes:
        try:
            pictures, changed = _read_scene(scene, channels)
        except UserError as error:
            if not skip_broken or (scene is scenes[-1] and not names):
                raise  # also where it was the last hope
            notes.append(f"left out: {error}")
            continue
        converted |= changed
        names.append(next(iter(scene.values())).name)
        keys.append(content_key(next(iter(pictures.values()))))
        for layer, picture in pictures.items():
            layers.setdefault(layer, []).append(picture)
    kinds = "gray pictures are repeated to RGB" if channels == 3 else "RGB pictures are turned gray"
    if converted and (note := f"{kinds} (data.channels={channels})") not in notes:
        notes.append(note)
    return PictureStore(_one_type(layers), names, keys) if names else None


def _read_scene(scene: Files, channels: int) -> tuple[dict[str, Tensor], bool]:
    """The layers of one scene `(H, W, C)`, checked to be of one size; whether any was converted."""
    pictures, changed = {}, False
    for layer, file in scene.items():
        pixels = read_picture(file).pixels
        changed |= pixels.shape[2] != channels
        pictures[layer] = torch.from_numpy(np.ascontiguousarray(to_channels(pixels, channels)))
    sizes = {layer: tuple(p.shape[:2]) for layer, p in pictures.items()}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{scene[layer].name} is {w} x {h}" for layer, (h, w) in sizes.items())
        raise UserError(f"{said}: the pictures of a pair must have one size")
    return pictures, changed


def _one_type(layers: dict[str, list[Tensor]]) -> dict[str, list[Tensor]]:
    """uint8 where every picture is 8-bit, else float32 in [0, 1] (float pictures as they are)."""
    if all(p.dtype is torch.uint8 for pictures in layers.values() for p in pictures):
        return layers
    return {layer: [to_float(p) for p in pictures] for layer, pictures in layers.items()}
