"""Files that are whole under their name or not there, whenever the process is killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from denoiselab.errors import UserError

LONGEST = 50
"""Characters of a name that its draft keeps: file systems take 255 bytes."""


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a hidden draft beside `path` to write to; it takes the name in one step at the end.

    A reader sees the old file or the new one and never a part of one. Folders are made. If anything
    fails the draft is removed.

    Raises:
        UserError: the disk is full, or the folder can't be written to.
    """
    draft = path.with_name(f".{path.name[-LONGEST:]}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        remedy = "free some space, or name a folder that you may write to"
        raise UserError(f"{path}: can't be written ({error.strerror or error}); {remedy}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder."""
    for draft in folder.glob(".*.*.tmp"):
        draft.unlink(missing_ok=True)
