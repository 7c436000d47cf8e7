"""Which files are pictures."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from denoiselab.errors import UserError

FAMILIES = {
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".bmp": "BMP",
    ".webp": "WEBP",
    ".exr": "EXR",
}
SUFFIXES = tuple(FAMILIES)


def family_of(path: Path) -> str:
    """The format that a file's suffix names; an error that lists the known suffixes otherwise."""
    family = FAMILIES.get(path.suffix.lower())
    if family is None:
        raise UserError(f"{path}: not a picture format that is known; use one of {', '.join(SUFFIXES)}")
    return family


def picture_files(path: Path | str) -> list[Path]:
    """The pictures at a path, sorted: the file itself, or all below a folder by suffix, hidden ones skipped."""
    path = Path(path)
    if path.is_file():
        family_of(path)
        return [path]
    if not path.is_dir():
        raise UserError(f"{path}: no such file or folder; name an existing picture or a folder of pictures")
    found = sorted(p for p in path.rglob("*") if p.suffix.lower() in FAMILIES and is_seen(p, path) and p.is_file())
    if not found:
        raise UserError(f"{path}: no pictures here; name a folder that holds files ending in {', '.join(SUFFIXES)}")
    return found


def dead_links(path: Path) -> list[Path]:
    """Links below a folder that are called like pictures and lead nowhere; hidden ones skipped."""
    links = (p for p in path.rglob("*") if p.is_symlink() and not p.exists())
    return [link for link in links if link.suffix.lower() in FAMILIES and is_seen(link, path)]


def other_files(path: Path) -> dict[str, int]:
    """How many files below a folder are no pictures, by suffix, and folders that are not gone into; no hidden ones."""
    if not path.is_dir():
        return {}
    others = [p for p in path.rglob("*") if p.suffix.lower() not in FAMILIES and is_seen(p, path)]
    names = [other.suffix.lower() or "no suffix" for other in others if other.is_file()]
    folders = [other for other in others if other.is_dir()]
    names += ["linked folder" for folder in folders if folder.is_symlink()]
    names += ["unreadable folder" for folder in folders if not os.access(folder, os.R_OK | os.X_OK)]
    return dict(sorted(Counter(names).items()))


def is_seen(path: Path, root: Path) -> bool:
    """Whether neither a file nor a folder between it and the root is hidden."""
    return not any(part.startswith(".") for part in path.relative_to(root).parts)
