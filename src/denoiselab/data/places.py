"""Where one kind of pictures lies: a folder, or a pattern for the files in it, and what names each of them."""

from __future__ import annotations

import re
from pathlib import Path

from denoiselab.errors import UserError
from denoiselab.io import SUFFIXES, picture_files
from denoiselab.io.files import is_seen

WILDCARD = re.compile(r"(\*\*/|\*|\?|\[[^\]]+\])")
GROUPS = {"**/": "((?:.*/)?)", "*": "([^/]*)", "?": "([^/])"}


def pattern_of(place: Path) -> tuple[Path, str] | None:
    """A folder and what is asked of the paths below it; None where a place has no wildcard, or is there by its name."""
    if place.exists():
        return None
    folder = next(parent for parent in place.parents if parent.is_dir())
    pattern = place.relative_to(folder).as_posix()
    return (folder, pattern) if WILDCARD.search(pattern) else None


def named_pictures(place: Path) -> dict[Path, str]:
    """The pictures at a place, sorted, each with its name.

    In a folder that is the path below it without the suffix; for a pattern, what its wildcards stand for:
    `7_real.png` by `*_real.*` is `7`.
    """
    if (parts := pattern_of(place)) is None:
        return {file: stem(file, place) for file in picture_files(place)}
    folder, pattern = parts
    files = (file for file in folder.glob(pattern) if file.suffix.lower() in SUFFIXES and is_seen(file, folder))
    if not (found := sorted(file for file in files if file.is_file())):
        raise UserError(f"{place}: no picture's name fits this pattern")
    return {file: stands_for(str(Path(pattern).with_suffix("")), stem(file, folder)) for file in found}


def stem(file: Path, folder: Path) -> str:
    """The path of a file below a folder, without its suffix."""
    return file.relative_to(folder).with_suffix("").as_posix()


def stands_for(pattern: str, name: str) -> str:
    """What the wildcards of a pattern stand for in a name; the name itself where there are none in it."""
    parts = [
        GROUPS.get(part, f"({part})" if i % 2 else re.escape(part)) for i, part in enumerate(WILDCARD.split(pattern))
    ]
    found = re.fullmatch("".join(parts).replace("([!", "([^"), name)
    return " ".join(filter(None, found.groups())) or name if found else name
