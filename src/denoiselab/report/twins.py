"""Test pictures that share a piece with a picture that was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from denoiselab.data import Data, PictureData
from denoiselab.data.twins import marks_of, shared
from denoiselab.report.results import many


def near_twins(content: Mapping[str, Any], data: Data) -> list[str] | None:
    """`04.png ~ 12003.jpg` for each, the test picture first; None where the checkpoint doesn't tell what it saw.

    Crops, gray versions and other encodings are found, where they are neither scaled nor mirrored nor turned.
    """
    seen = content["denoiselab"].get("looks")
    if seen is None or not isinstance(data, PictureData):
        return None
    store, names = data.stores["test"], seen["names"]
    return [f"{store.names[one]} ~ {names[other]}" for one, other in shared(marks_of(store), seen["marks"].numpy())]


def warning(pairs: Sequence[str] | None, most: int | None = 3) -> str:
    """A line on them, that names as many pairs; empty where there are none."""
    if not pairs:
        return ""
    pictures = len({pair.partition(" ~ ")[0] for pair in pairs})
    named = [*pairs[:most], "…"] if most is not None and len(pairs) > most else pairs
    verb = "shares" if pictures == 1 else "share"
    return f"WARNING   {many(pictures, 'test picture')} {verb} a piece with a training picture: {', '.join(named)}"
