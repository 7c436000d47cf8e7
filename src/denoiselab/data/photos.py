"""The photographs that come inside scikit-image's own wheel: real pictures without a network."""

from collections.abc import Sequence
from typing import Any

from denoiselab.data.installed import installed
from denoiselab.data.picture_files import PictureFiles
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError


class InstalledPhotos(PictureFiles):
    """A dozen photographs, split by picture.

    train, val, test: file names in `skimage/data`; only those that the wheel holds.
    window: side of the middle square that is taken of each; null for the whole.
    """

    def __init__(
        self, *, train: Sequence[str], val: Sequence[str], test: Sequence[str], window: int | None, **shared: Any
    ) -> None:
        super().__init__(**shared)
        if window is not None and window < 1:
            raise UserError(f"window={window}: at least 1 is needed, or null")
        self.window = window
        self.splits = {"train": train, "val": val, "test": test}

    def load(self, split: str) -> PictureStore | None:
        store = self.read([{"clean": path} for path in self.kept(installed(self.splits[split]))], skip_broken=False)
        return store.middle(self.window) if store and self.window else store

    def take_all(self) -> None:
        """The split is fixed by name: nothing changes."""
