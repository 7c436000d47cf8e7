"""The shape of an array that tifffile notes in a TIFF's description, as JSON."""

from __future__ import annotations

import json
from typing import Any

LAYOUT = ("shape", "axes", "truncated")


def fitting(description: str, shape: tuple[int, ...]) -> str:
    """A description for a page `(H, W)` or `(H, W, S)`: without a note of a layout that isn't the page's."""
    said = noted(description)
    own = long(shape)
    if said is None or not own or long(said["shape"])[-len(own) :] == own:
        return description
    rest = {key: value for key, value in said.items() if key not in LAYOUT}
    return json.dumps(rest) if rest else ""


def noted(description: str) -> dict[str, Any] | None:
    """What tifffile noted; None where the description is of somebody else."""
    try:
        said = json.loads(description)
    except ValueError:
        return None
    return said if isinstance(said, dict) and isinstance(said.get("shape"), list) else None


def long(shape: Any) -> list[Any]:
    """A shape without its axes of length 1, of which tifffile notes some and drops some."""
    return [length for length in shape if length != 1]
