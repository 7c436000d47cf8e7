"""The networks that come with the package: `builtin`, and each of them by its name, `builtin/rgb`."""

from __future__ import annotations

from pathlib import Path

from denoiselab.errors import UserError

BUILTIN = "builtin"
WEIGHTS = Path(__file__).parent / "weights"
"""A folder for each, with its checkpoint and its model card."""
GRAY, RGB, CAMERA = (f"{BUILTIN}/{name}" for name in ("gray", "rgb", "camera"))
"""For white noise of sigma 0 to 55, and for that of photographs which a camera has developed."""


def place_of(name: str | Path) -> Path:
    """The file or folder that a person names; that of a network of the package lies inside it. A `Path` is itself.

    Raises:
        UserError: the package has no such network.
    """
    if isinstance(name, str) and name == BUILTIN:
        return WEIGHTS
    if isinstance(name, str) and name in (GRAY, RGB, CAMERA):
        return WEIGHTS / name.partition("/")[2]
    if isinstance(name, str) and name.startswith(f"{BUILTIN}/"):
        raise UserError(f"{name}: there is {GRAY}, {RGB} and {CAMERA}; a folder of your own is ./{name}")
    try:
        return Path(name).expanduser()
    except RuntimeError:  # ~name of nobody
        return Path(name).absolute()


def is_builtin(place: Path) -> bool:
    """Whether a run or a checkpoint came with the package, in whose folder nothing is written."""
    return place.absolute().is_relative_to(WEIGHTS)


def spoken(place: Path) -> str:
    """A run or a checkpoint as a person would name it."""
    return "/".join((BUILTIN, *place.absolute().relative_to(WEIGHTS).parts[:1])) if is_builtin(place) else str(place)


def for_channels(channels: int | None) -> str:
    """The network for white noise on pictures of so many channels."""
    return GRAY if channels == 1 else RGB
