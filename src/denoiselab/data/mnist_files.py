"""The files of MNIST and its kin, found or fetched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from torch import Tensor

from denoiselab.data.store import PictureStore, content_key
from denoiselab.errors import UserError
from denoiselab.io.idx import read_idx


class MNISTFiles:
    """The four `*-ubyte.gz` files of a collection, as they are or unzipped.

    root: the folder that holds them, in `COLLECTION/raw`, in `raw` or at its top. Where there are none, torchvision
        downloads them to `COLLECTION/raw`.
    collection: torchvision's name of the set.
    """

    def __init__(self, root: str | None, collection: str) -> None:
        if root is None:
            raise UserError(
                f"root is not set: name the folder that holds {collection}, or that it is to be downloaded to, "
                f"data.root=FOLDER (or set DENOISELAB_DATA)"
            )
        self.root, self.collection = Path(root).expanduser(), collection

    def read(self, part: str) -> tuple[Tensor, Tensor]:
        """Pictures `(n, H, W)` and labels `(n,)` of `train` or `t10k`, uint8."""
        pictures, labels = (
            read_idx(self.find(f"{part}-{kind}-ubyte") or self.fetched(f"{part}-{kind}-ubyte"))
            for kind in ("images-idx3", "labels-idx1")
        )
        return pictures, labels

    def find(self, name: str) -> Path | None:
        """A file below the root, gzipped or not."""
        folders = (self.root / self.collection / "raw", self.root / "raw", self.root)
        files = (folder / f"{name}{suffix}" for folder in folders for suffix in (".gz", ""))
        return next((file for file in files if file.is_file()), None)

    def fetched(self, name: str) -> Path:
        """A file that torchvision downloads, with the others of the set."""
        if not self.root.is_dir():
            raise UserError(
                f"data.root={self.root}: there is no such folder: name the one that holds {self.collection}, or that "
                "it is to be downloaded to (or set DENOISELAB_DATA)"
            )
        from torchvision import datasets

        try:
            getattr(datasets, self.collection)(self.root, download=True)
        except (OSError, RuntimeError) as error:
            why = str(error).strip().splitlines()[-1]
            raise UserError(
                f"data.root={self.root}: there is no {self.collection}/raw/{name}.gz in it, and it can't be downloaded "
                f"({why}): put the set's four files there, or name the folder that holds them, data.root=FOLDER"
            ) from error
        return self.root / self.collection / "raw" / name


def labelled(pictures: Tensor, labels: Tensor, names: list[str], channels: int) -> PictureStore:
    """Gray pictures `(n, H, W)`, uint8, and their classes `(n,)`, int64 -> a store."""
    many, height, width = pictures.shape
    return PictureStore(
        {"clean": pictures.reshape(-1, 1).expand(-1, channels)},
        heights=np.full((many,), height),
        widths=np.full((many,), width),
        names=names,
        keys=[content_key(picture) for picture in pictures[..., None]],
        labels=labels,
    )
