"""Pictures in files of their own, decoded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from denoiselab.data.pictures import PictureData
from denoiselab.data.reading import Files, read_store
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError


class PictureFiles(PictureData):
    """Pictures that are read into memory, or into files that are mapped into it.

    left_out: file names of pictures that are in no split: one that a test set shares, say.
    cache: folder for the decoded pixels, which later runs and other processes share; null keeps them in memory.
    """

    def __init__(self, *, left_out: Sequence[str], cache: str | None, **shared: Any) -> None:
        super().__init__(**shared)
        self.left_out = dict.fromkeys(left_out, False)
        self.cache = cache

    def kept(self, files: Sequence[Path]) -> list[Path]:
        """The files without those that are left out; which these are goes to the notes.

        Raises:
            UserError: none is left.
        """
        kept = [file for file in files if file.name not in self.left_out]
        if files and not kept:
            raise UserError(f"left_out={list(self.left_out)}: that is every picture in {files[0].parent}: keep some")
        for file in files:
            if self.left_out.get(file.name) is False:
                self.left_out[file.name] = True
                self.notes.append(f"left out: {file.name}")
        return kept

    @property
    def not_found(self) -> list[str]:
        """The names to be left out that no picture has which was looked at."""
        return [name for name, found in self.left_out.items() if not found]

    def read(self, scenes: list[Files], *, skip_broken: bool) -> PictureStore | None:
        """The files of some scenes as a store; what a person should know of them goes to the notes."""
        return read_store(scenes, self.channels, self.notes, skip_broken=skip_broken, cache=self.cache)
