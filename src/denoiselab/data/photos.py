"""The photographs that come inside scikit-image's own wheel: real pictures without a network."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from denoiselab.data.picture_files import PictureFiles
from denoiselab.data.store import PictureStore


class InstalledPhotos(PictureFiles):
    """A dozen photographs, split by picture.

    train, val, test: file names in `skimage/data`; only those that the wheel holds.
    """

    def __init__(self, *, train: Sequence[str], val: Sequence[str], test: Sequence[str], **shared: Any) -> None:
        super().__init__(**shared)
        self.splits = {"train": train, "val": val, "test": test}

    def load(self, split: str) -> PictureStore | None:
        spec = find_spec("skimage")
        folder = Path(spec.origin or "").parent / "data" if spec else Path()
        return self.read([{"clean": folder / name} for name in self.splits[split]], skip_broken=False)

    def take_all(self) -> None:
        """The split is fixed by name: nothing changes."""
