"""Files -> a store: decoding, gray and RGB, and what to do about a broken file."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass
class Scene:
    """The files of one scene, the key of the first one's content, and every layer `(H, W, C)`, all of one size."""

    files: Files
    key: str
    layers: dict[str, Tensor]

    def middle(self, side: int) -> Scene:
        """The middle square of this side, or what there is of it."""
        height, width = next(iter(self.layers.values())).shape[:2]
        top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
        cut = {layer: p[top : top + side, left : left + side] for layer, p in self.layers.items()}
        return Scene(self.files, content_key(next(iter(cut.values()))), cut)


def read_store(scenes: list[Files], channels: int, notes: list[str], *, skip_broken: bool) -> PictureStore | None:
    """Decode scenes of the same layers into a store; None where none could be read."""
    return stored(read_scenes(scenes, channels, notes, skip_broken=skip_broken))


def stored(read: list[Scene]) -> PictureStore | None:
    """Scenes of the same layers in a store; None where there are none."""
    layers = {layer: [scene.layers[layer] for scene in read] for layer in (read[0].layers if read else ())}
    names = [next(iter(scene.files.values())).name for scene in read]
    return PictureStore(layers, names, [scene.key for scene in read]) if read else None


def read_scenes(scenes: list[Files], channels: int, notes: list[str], *, skip_broken: bool) -> list[Scene]:
    """Decode scenes, each of its own layers.

    skip_broken: leave a file out that can't be read, and note it (a training set of thousands goes
        on); otherwise it is an error (a test set's mean must not change silently).
    notes: collects what a person should know: files left out, pictures converted.
    """
    read: list[Scene] = []
    converted = False
    for scene in scenes:
        try:
            pictures, changed = _read_scene(scene, channels)
        except UserError as error:
            if not skip_broken or (scene is scenes[-1] and not read):
                raise  # also where it was the last hope
            notes.append(f"left out: {error}")
            continue
        converted |= changed
        read.append(Scene(scene, content_key(next(iter(pictures.values()))), pictures))
    kinds = "gray pictures are repeated to RGB" if channels == 3 else "RGB pictures are turned gray"
    if converted and (note := f"{kinds} (data.channels={channels})") not in notes:
        notes.append(note)
    return _one_type(read)


def _read_scene(scene: Files, channels: int) -> tuple[dict[str, Tensor], bool]:
    """The layers of one scene, checked to be of one size; whether any was converted."""
    pictures, changed = {}, False
    for layer, file in scene.items():
        pixels = read_picture(file).pixels
        changed |= pixels.shape[2] != channels
        pictures[layer] = torch.from_numpy(np.ascontiguousarray(to_channels(pixels, channels)))
    sizes = {layer: tuple(p.shape[:2]) for layer, p in pictures.items()}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{scene[layer].name} is {w} x {h}" for layer, (h, w) in sizes.items())
        raise UserError(f"{said}: the pictures of a scene must have one size")
    return pictures, changed


def _one_type(scenes: list[Scene]) -> list[Scene]:
    """uint8 where every picture is 8-bit, else float32 in [0, 1] (float pictures as they are)."""
    if all(p.dtype is torch.uint8 for scene in scenes for p in scene.layers.values()):
        return scenes
    return [replace(s, layers={layer: to_float(p) for layer, p in s.layers.items()}) for s in scenes]
