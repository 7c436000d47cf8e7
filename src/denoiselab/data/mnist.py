"""MNIST and Fashion-MNIST: small gray pictures with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.pictures import PictureData
from denoiselab.data.store import PictureStore, content_key
from denoiselab.errors import UserError
from denoiselab.io.idx import read_idx
from denoiselab.streams import mix


class MNIST(PictureData):
    """MNIST (LeCun et al. 1998) or Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747): 28 x 28, ten classes.

    root: a folder that holds the four `*-ubyte.gz` files, as they are or unzipped, in `COLLECTION/raw`, in `raw` or
        at its top. Where there are none, torchvision downloads them to `COLLECTION/raw`.
    collection: torchvision's name of the set.
    train_size, val_size, test_size: how many pictures; train and val are of the published training set, without a
        picture in common; null: all that there are. Which ones follows from their numbers, whatever the seed.
    """

    together: ClassVar[int] = 250

    def __init__(
        self,
        *,
        root: str | None,
        collection: Literal["MNIST", "FashionMNIST"],
        train_size: int | None,
        val_size: int,
        test_size: int | None,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if root is None:
            raise UserError(
                f"root is not set: name the folder that holds {collection}, or that it is to be downloaded to, "
                f"data.root=FOLDER (or set DENOISELAB_DATA)"
            )
        self.root, self.collection, self.val_size = Path(root).expanduser(), collection, val_size
        self.sizes = {"train": train_size, "val": val_size, "test": test_size}
        for split, size in self.sizes.items():
            least = 0 if split == "val" else 1
            if size is not None and size < least:
                raise UserError(f"{split}_size={size}: at least {least} is needed")

    def take_all(self) -> None:
        """The test set is fixed."""

    def load(self, split: str) -> PictureStore | None:
        part = "t10k" if split == "test" else "train"
        found, labels = self.read(part)
        chosen = self.chosen(split, len(found))
        if not len(chosen):
            return None
        pictures = found[chosen]
        _, height, width = pictures.shape
        return PictureStore(
            {"clean": pictures.view(-1, 1).expand(-1, self.channels)},
            heights=np.full((len(chosen),), height),
            widths=np.full((len(chosen),), width),
            names=[f"{part}[{i}]" for i in chosen.tolist()],
            keys=[content_key(picture) for picture in pictures[..., None]],
            labels=labels[chosen].long(),
        )

    def chosen(self, split: str, many: int) -> Tensor:
        """The numbers of a split's pictures, of `many` in its file."""
        drawn = sorted(range(many), key=lambda i: mix("held out", i))
        size, begin = self.sizes[split], self.val_size if split == "train" else 0
        end = many if size is None else begin + size
        if end > many:
            raise UserError(f"{split}_size={size}: {self.collection} has {many - begin} pictures for it")
        return torch.tensor(sorted(drawn[begin:end]))

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
            raise UserError(f"root={self.root}: there is no such folder")
        from torchvision import datasets

        try:
            getattr(datasets, self.collection)(self.root, download=True)
        except (OSError, RuntimeError) as error:
            why = str(error).strip().splitlines()[-1]
            raise UserError(
                f"root={self.root}: there is no {self.collection}/raw/{name}.gz in it, and it can't be downloaded "
                f"({why}): put the set's four files there, or name the folder that holds them, data.root=FOLDER"
            ) from error
        return self.root / self.collection / "raw" / name
