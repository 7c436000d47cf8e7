"""What an EXR file holds beside its picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError

COMPONENTS = ("RGB", "XYZ")
KNOWN_AS = {"albedo": r"albedo|diffcol|diffuse.?colou?r", "normal": r"normal|nn?"}
"""How renderers name their auxiliary layers, in small letters."""


@dataclass(frozen=True)
class Layers:
    """Carried along with a picture.

    header: compression, windows, chromaticities and other attributes.
    place: what stands before R, G, B, A or Y in the names of the picture's own channels: nothing, or a layer's name
        and a dot.
    depth: of the picture's channels, `float16` or `float32`.
    others: the channels `(H, W)` that are not the picture's, by name.
    """

    header: Mapping[str, Any]
    place: str
    depth: str
    others: Mapping[str, NDArray[Any]]

    def auxiliary(self, kind: str) -> NDArray[np.float32]:
        """The layer that is `albedo` or `normal`, `(H, W, 3)`.

        Raises:
            UserError: there is none.
        """
        found = {name: parts for name, parts in layers_of(self.others).items() if is_named(name, kind)}
        if not found:
            there = ", ".join(layers_of(self.others)) or "none"
            raise UserError(
                f"it has no layer named {kind}, which the network takes beside the picture (layers: {there}): "
                f"render it too, or train with data.aux=[]"
            )
        first = min(found, key=lambda name: (name.lower() != kind, name))
        return np.stack([self.others[channel] for channel in found[first]], -1).astype(np.float32)


def layers_of(channels: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names of three-component layers, each with its channels' in the order RGB or XYZ; the nameless one is ''."""
    names = dict.fromkeys(name.rpartition(".")[0] for name in channels)
    found = {}
    for name in names:
        dot = f"{name}." if name else ""
        for parts in COMPONENTS:
            if all(f"{dot}{part}" in channels for part in parts):
                found[name] = [f"{dot}{part}" for part in parts]
    return found


def is_named(layer: str, kind: str) -> bool:
    """Whether the last word of a layer's name, as in `View.Denoising Albedo`, says that it is of a kind."""
    return re.search(rf"(?:^|[ ._])(?:sh_?)?(?:{KNOWN_AS[kind]})$", layer.lower()) is not None
