"""A store in files: decoded once, mapped into memory, shared by processes and by later runs."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor

from denoiselab.data.store import PictureStore, content_key
from denoiselab.drafts import atomic
from denoiselab.units import to_float

Named = tuple[str, dict[str, Tensor]]
"""A scene's name and its layers, each `(H, W, C)`."""
TYPES = (torch.uint8, torch.float32)
INDEX = "index"


class DeeperError(Exception):
    """A picture of more than 8 bit among those that were taken for 8-bit ones."""


def mapped_store(
    folder: Path, scenes: Sequence[dict[str, Path]], channels: int, decode: Callable[[list[str]], Iterator[Named]]
) -> tuple[PictureStore, list[str]]:
    """The scenes' pictures in files under `folder`, written the first time, and the notes of their reading.

    decode: reads the scenes one by one; it adds to the notes that it is given.

    The files are named by the pictures' paths, sizes and times: changed pictures are written anew, and so are files
    that are gone or cut. Memory stays at one picture, however many there are.
    """
    stem = folder.expanduser() / digest(scenes, channels)
    known = indexed(stem, channels)
    if known is None:
        for dtype in TYPES:
            try:
                write(stem, dtype, decode)
                break
            except DeeperError:
                continue
        known = indexed(stem, channels)
        assert known is not None
    heights, widths = known["heights"].numpy(), known["widths"].numpy()
    size, dtype = int((heights * widths).sum()) * channels, known["dtype"]
    layers = {
        layer: torch.from_file(str(layer_file(stem, layer)), size=size, dtype=dtype).view(-1, channels)
        for layer in known["layers"]
    }
    return PictureStore(layers, heights, widths, known["names"], known["keys"]), known["notes"]


def indexed(stem: Path, channels: int) -> dict[str, Any] | None:
    """What the index says; None where there is none, or not all that it tells of."""
    try:
        known: dict[str, Any] = torch.load(layer_file(stem, INDEX), weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):  # none, or a cut one
        return None
    size = int((known["heights"] * known["widths"]).sum()) * channels * known["dtype"].itemsize
    files = [layer_file(stem, layer) for layer in known["layers"]]
    return known if all(file.exists() and file.stat().st_size == size for file in files) else None


def write(stem: Path, dtype: torch.dtype, decode: Callable[[list[str]], Iterator[Named]]) -> None:
    """Decode everything into one file for each layer; the index comes last, when they are whole.

    Raises:
        DeeperError: `dtype` doesn't hold a picture.
    """
    sizes, names, keys, notes = list[tuple[int, ...]](), list[str](), list[str](), list[str]()
    files: dict[str, BinaryIO] = {}
    with ExitStack() as stack:
        for name, pictures in decode(notes):
            for layer, picture in pictures.items():
                if layer not in files:
                    draft = stack.enter_context(atomic(layer_file(stem, layer)))
                    files[layer] = stack.enter_context(draft.open("wb"))
                if dtype is torch.uint8 and picture.dtype is not torch.uint8:
                    raise DeeperError
                held = picture if dtype is torch.uint8 else to_float(picture)
                files[layer].write(held.contiguous().numpy().tobytes())
            first = next(iter(pictures.values()))
            sizes.append(tuple(first.shape[:2]))
            names.append(name)
            keys.append(content_key(first))
    heights, widths = torch.tensor(sizes, dtype=torch.int64).view(-1, 2).T
    with atomic(layer_file(stem, INDEX)) as draft:
        torch.save(
            {"dtype": dtype, "layers": list(files), "heights": heights.contiguous(), "widths": widths.contiguous(),
             "names": names, "keys": keys, "notes": notes},
            draft,
        )  # fmt: skip


def layer_file(stem: Path, layer: str) -> Path:
    """All pixels of a layer, one picture after another; or the index."""
    return stem.with_suffix(f".{layer}")


def digest(scenes: Sequence[dict[str, Path]], channels: int) -> str:
    """A name for these files as they are now."""
    said = hashlib.blake2b(str(channels).encode(), digest_size=8)
    for scene in scenes:
        for layer, file in scene.items():
            now = file.stat()
            said.update(f"{layer} {file.absolute()} {now.st_size} {now.st_mtime_ns}\n".encode())
    return said.hexdigest()
