"""How every figure looks and is written. Matplotlib's objects, without its global state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from denoiselab.drafts import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, BLUE, ORANGE = "#222222", "#777777", "#1f6fb2", "#d1622b"
COLOURS = (BLUE, ORANGE, "#3a8a4d", "#8a4fa3", FAINT, "#b8922f")
"""Of lines, in this order."""


def save(figure: Figure, path: Path, dpi: int, said: Mapping[str, str] | None = None) -> None:
    """Write a figure as PNG, all of it or nothing; said: texts that the file holds beside the picture."""
    with atomic(path) as temporary:
        figure.savefig(temporary, format="png", dpi=dpi, metadata=dict(said or {}))
