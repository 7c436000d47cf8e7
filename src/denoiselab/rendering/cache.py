"""Renders on disk: one file each, named by everything that it is made of, made where it is missing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from rich.console import Console
from rich.progress import track

from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.rendering.renderer import DEPTH, LAYERS, Layers, render
from denoiselab.rendering.scenes import scene
from denoiselab.streams import mix

SEEDS = 2**32


@dataclass(frozen=True)
class Shot:
    """A render that is wanted: the scene of a seed, the picture's side, paths a pixel, and which draw of the noise."""

    scene: int
    size: int
    samples: int
    draw: str

    @property
    def name(self) -> str:
        """A file's name: what a person wants to know, and a digest of the scene itself and how it is rendered."""
        said = f"{digest(self.scene)} {DEPTH} {self.size} {self.samples} {self.draw}"
        code = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
        return f"{self.size}px_{self.samples}spp_{self.draw}_{code}.npz"

    def render(self) -> Layers:
        """The layers; repeatable, and independent of every other draw."""
        return render(scene(self.scene), self.size, self.samples, mix(self.scene, self.draw) % SEEDS)


def rendered(shots: Sequence[Shot], folder: Path) -> list[Layers]:
    """The renders, from files in a folder; those that are missing are made first.

    Whatever kills a process, the files that it finished stay whole and are not made again. Each process takes the
    scenes in an order of its own and leaves out what another has finished, so several that begin at once share the
    work.
    """
    files = [folder / shot.name for shot in shots]
    missing = [(shot, file) for shot, file in zip(shots, files, strict=True) if not file.exists()]
    missing.sort(key=lambda pair: mix(os.getpid(), pair[0].scene))
    console = Console(stderr=True)
    if missing:
        said = f"rendering {len(missing)} pictures into {folder}; stopped, it goes on from there"
        console.print(said, markup=False, highlight=False, soft_wrap=True)
    for shot, file in track(missing, "rendering", console=console, transient=True, disable=not missing):
        if not file.exists():
            write(file, shot.render())
    return [read(file) for file in files]


def write(file: Path, layers: Layers) -> None:
    """Radiance as it is, in float32; albedo and normal, which are within [-1, 1], in float16."""
    stored = {name: layers[name].astype(np.float32 if name == "radiance" else np.float16) for name in LAYERS}
    with atomic(file) as draft, draft.open("wb") as stream:
        np.savez(stream, **stored)  # type: ignore[arg-type]


def read(file: Path) -> Layers:
    """The layers of a file, `(H, W, 3)` float32 each."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return {name: stored[name].astype(np.float32) for name in LAYERS}
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise UserError(f"{file} can't be read as a render ({error}): remove it, it will be made anew") from error


@lru_cache(maxsize=4096)
def digest(seed: int) -> str:
    """A name for the content of the scene of a seed."""
    content = hashlib.blake2b(digest_size=16)
    for part in plain(scene(seed)):
        content.update(part)
    return content.hexdigest()


def plain(value: Any) -> list[bytes]:
    """A nested value as bytes, numbers rounded to what is the same on every machine."""
    if isinstance(value, dict):
        return [part for key, inner in value.items() for part in (str(key).encode(), *plain(inner))]
    if isinstance(value, np.ndarray) and value.dtype == np.uint8:
        return [value.tobytes()]
    if isinstance(value, np.ndarray | list | float):
        return [(np.round(value, 3).astype(np.float32) + 0.0).tobytes()]
    return [str(value).encode()]
