"""Files -> a store: decoding, gray and RGB, and what to do about a broken file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor

from denoiselab.data.mapped import Named, mapped_store
from denoiselab.data.store import PictureStore, content_key
from denoiselab.errors import UserError
from denoiselab.io import read_picture, to_channels
from denoiselab.units import to_float

Files = dict[str, Path]
"""The file of each layer of one scene: `clean`, `shot0`, `shot1`, ..."""
MEMORY_PART = 0.4
"""Of the free memory, what pictures may take: they are there twice while they are put together."""
MANY = 2000
"""Pictures from which on reading takes long enough to be shown."""
LEFT_OUT = "left out: "
NAMED = 5
"""How many broken files an error names beside the first."""


def read_store(
    scenes: list[Files], channels: int, notes: list[str], *, skip_broken: bool, cache: str | None
) -> PictureStore | None:
    """Decode scenes into a store, in memory or in files under the folder `cache`; None where there is no scene.

    skip_broken: leave a file out that can't be read, and note it (a training set of thousands goes
        on); otherwise it is an error that names them all (a test set's mean must not change silently).
    notes: collects what a person should know: files left out, pictures converted.

    Raises:
        UserError: the pictures don't fit into memory, and no cache is named.
    """
    decode = partial(_decoded, scenes, channels, skip_broken)
    if not scenes:
        return None
    if cache is not None:
        store, said = mapped_store(Path(cache), scenes, channels, decode)
        broken = [note.removeprefix(LEFT_OUT) for note in said if note.startswith(LEFT_OUT)]
        if broken and not skip_broken:  # the files were written for a training set
            raise UserError(_counted(broken))
        notes += [note for note in said if note not in notes]
        return store
    layers: dict[str, list[Tensor]] = {}
    names: list[str] = []
    keys: list[str] = []
    values, size, free = 0, 1, free_memory()
    for name, pictures in decode(notes):
        names.append(name)
        keys.append(content_key(next(iter(pictures.values()))))
        for layer, picture in pictures.items():
            layers.setdefault(layer, []).append(picture)
            values += picture.numel()
            size = 1 if size == 1 and picture.dtype is torch.uint8 else 4
        if (taken := values * size) > free * MEMORY_PART:
            raise UserError(
                f"{len(scenes)} pictures don't fit into memory ({len(names)} take {taken / 2**30:.1f} GiB): "
                f"name a folder on a fast disk for their pixels, data.cache=FOLDER"
            )
    return PictureStore.of(_one_type(layers), names, keys)


def _decoded(scenes: list[Files], channels: int, skip_broken: bool, notes: list[str]) -> Iterator[Named]:
    """Each scene's name and layers, one after another."""
    found, converted, broken = False, False, list[str]()
    for scene in track(
        scenes, "reading pictures", console=Console(stderr=True), transient=True, disable=len(scenes) < MANY
    ):
        try:
            pictures, changed = _read_scene(scene, channels)
        except UserError as error:
            broken.append(str(error))
            continue
        found, converted = True, converted or changed
        if skip_broken or not broken:  # else the rest is only read to name what is broken
            yield next(iter(scene.values())).name, pictures
    if broken and not (skip_broken and found):
        raise UserError(_counted(broken))
    notes += [f"{LEFT_OUT}{error}" for error in broken]
    kinds = "gray pictures are repeated to RGB" if channels == 3 else "RGB pictures are turned gray"
    if converted and (note := f"{kinds} (data.channels={channels})") not in notes:
        notes.append(note)


def _counted(broken: list[str]) -> str:
    """The first of some errors, and what the others name."""
    others = [error.split(": ")[0] for error in broken[1:]]
    more = f"{', '.join(others[:NAMED])}{', …' if len(others) > NAMED else ''}"
    return f"{broken[0]}; {len(others)} more can't be taken: {more}" if others else broken[0]


def _read_scene(scene: Files, channels: int) -> tuple[dict[str, Tensor], bool]:
    """The layers of one scene `(H, W, C)`, checked to be of one size; whether any was converted."""
    pictures, changed = {}, False
    for layer, file in scene.items():
        pixels = read_picture(file).pixels
        changed |= pixels.shape[2] != channels
        pictures[layer] = torch.from_numpy(np.ascontiguousarray(to_channels(pixels, channels)))
    sizes = {layer: tuple(p.shape[:2]) for layer, p in pictures.items()}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{Path(*scene[layer].parts[-2:])} is {w} x {h}" for layer, (h, w) in sizes.items())
        raise UserError(f"{said}: the pictures of a scene must have one size")
    return pictures, changed


def free_memory() -> float:
    """Bytes that the system could give; without end where it doesn't tell."""
    file = Path("/proc/meminfo")
    lines = file.read_text().splitlines() if file.exists() else []
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable")), math.inf)


def _one_type(layers: dict[str, list[Tensor]]) -> dict[str, list[Tensor]]:
    """uint8 where every picture is 8-bit, else float32 in [0, 1] (float pictures as they are)."""
    if all(p.dtype is torch.uint8 for pictures in layers.values() for p in pictures):
        return layers
    for pictures in layers.values():
        for i, picture in enumerate(pictures):  # in place: what has been converted isn't kept
            pictures[i] = to_float(picture)
    return layers
