"""Pictures in files of their own, decoded once."""

from __future__ import annotations

from typing import Any

from denoiselab.data.pictures import PictureData
from denoiselab.data.reading import Files, read_store
from denoiselab.data.store import PictureStore


class PictureFiles(PictureData):
    """Pictures that are read into memory, or into files that are mapped into it.

    cache: folder for the decoded pixels, which later runs and other processes share; null keeps them in memory.
    """

    def __init__(self, *, cache: str | None, **shared: Any) -> None:
        super().__init__(**shared)
        self.cache = cache

    def read(self, scenes: list[Files], *, skip_broken: bool) -> PictureStore | None:
        """The files of some scenes as a store; what a person should know of them goes to the notes."""
        return read_store(scenes, self.channels, self.notes, skip_broken=skip_broken, cache=self.cache)
