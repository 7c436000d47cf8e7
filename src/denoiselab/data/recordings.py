"""Pictures of which it is known what they should have recorded, to measure a camera's noise on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from denoiselab.data.matching import by_scene, is_clean, match
from denoiselab.data.places import named_pictures, pattern_of
from denoiselab.data.recognition import Kind, recognise
from denoiselab.diagnosis.tally import Recording, of_burst, of_flat, of_pair
from denoiselab.errors import UserError
from denoiselab.io import read_picture
from denoiselab.units import to_float

KINDS = ("pairs", "bursts", "flat")
FLAT = re.compile(r"(?:^|[_\-. /])(?:flat|dark|bias)s?(?:[_\-. ]?\d+)?(?=[_\-. /]|$)", re.I)

Scenes = Sequence[tuple[Path, ...]]


def find_scenes(place: Path, target: Path | None, kind: str | None) -> tuple[str, Scenes]:
    """Which pictures belong together, and what they are, one of `KINDS`.

    pairs: a noisy picture, then its clean one. bursts: noisy shots of a still scene. flat: a frame of an even surface,
    or of nothing, alone.

    place: a folder, or beside a target a pattern.
    target: folder or pattern of the clean pictures; None: in the same folder.
    kind: None is what the names tell.

    Raises:
        UserError: another kind, no picture, or names that don't tell.
    """
    if kind not in (None, *KINDS):
        raise UserError(f"kind={kind}: one of {', '.join(KINDS)} is needed")
    for path in filter(None, (place, target)):
        if path.is_file():
            raise UserError(f"{path} is a single file: name the folder that it lies in, with others of its kind")
        if not path.is_dir() and (target is None or not pattern_of(path)):
            raise UserError(f"{path}: there is no such folder")
    if target is not None:
        return "pairs", match(named_pictures(place), named_pictures(target))
    found = recognise(place)
    told = {Kind.PAIRS: "pairs", Kind.SHOTS: "bursts", Kind.BURSTS: "bursts"}.get(found.kind) or flat(
        found.scenes, place
    )
    if kind == "flat":
        return kind, [(file,) for scene in found.scenes for file in scene]
    if kind == "bursts" and told != "bursts":
        return kind, [*map(tuple, by_scene(place, [file for scene in found.scenes for file in scene]).values())]
    if told is None or kind not in (None, told):
        raise UserError(
            f"input={place}: names don't tell {'pairs' if kind else 'what these pictures are'}: say kind=flat for "
            "frames of nothing or of an even surface, kind=bursts for folders of shots, or target=CLEAN for pairs"
        )
    return told, found.scenes


def flat(scenes: Scenes, place: Path) -> str | None:
    """Whether a folder or its files are called flat or dark frames."""
    files = [file.relative_to(place).with_suffix("").as_posix() for scene in scenes for file in scene]
    return "flat" if FLAT.search(place.name) or all(map(FLAT.search, files)) else None


def recordings(kind: str, scenes: Scenes) -> Iterator[Recording]:
    """Each scene's recordings.

    Raises:
        UserError: pictures of a scene that differ in size, or a burst of one shot.
    """
    for scene in scenes:
        if kind == "flat":
            yield of_flat(read(scene[0]))
        elif kind == "pairs":
            yield of_pair(*alike(scene))
        else:
            yield from of_burst(alike(tuple(file for file in scene if not is_clean(file.stem))))


def alike(files: tuple[Path, ...]) -> list[NDArray[np.float32]]:
    """Pictures of one size."""
    pictures = [read(file) for file in files]
    if len(pictures) < 2:
        raise UserError(f"{files[0].parent}: a burst needs two shots of the scene")
    for file, picture in zip(files, pictures, strict=True):
        if picture.shape != pictures[0].shape:
            raise UserError(f"{file} and {files[0]}: the pictures of a scene must have one size, and as many channels")
    return pictures


def read(file: Path) -> NDArray[np.float32]:
    """A picture in [0, 1], `(H, W, C)`."""
    return to_float(torch.from_numpy(read_picture(file).pixels)).numpy()
