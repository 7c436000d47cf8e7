"""MNIST and Fashion-MNIST: small gray pictures with labels."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

from denoiselab.data.mnist_files import MNISTFiles, labelled
from denoiselab.data.pictures import PictureData
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError
from denoiselab.streams import mix


class MNIST(PictureData):
    """MNIST (LeCun et al. 1998) or Fashion-MNIST (Xiao et al. 2017, arXiv:1708.07747): 28 x 28, ten classes.

    root, collection: see `MNISTFiles`.
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
        self.files, self.val_size = MNISTFiles(root, collection), val_size
        self.kinds = {"MNIST": "ten digits", "FashionMNIST": "ten kinds of clothes"}[collection]
        self.sizes = {"train": train_size, "val": val_size, "test": test_size}
        for split, size in self.sizes.items():
            least = 0 if split == "val" else 1
            if size is not None and size < least:
                raise UserError(f"{split}_size={size}: at least {least} is needed")

    def take_all(self) -> None:
        """The test set is fixed."""

    def load(self, split: str) -> PictureStore | None:
        part = "t10k" if split == "test" else "train"
        found, labels = self.files.read(part)
        chosen = self.chosen(split, len(found))
        if not len(chosen):
            return None
        names = [f"{part}[{i}]" for i in chosen.tolist()]
        return labelled(found[chosen], labels[chosen].long(), names, self.channels)

    def chosen(self, split: str, many: int) -> Tensor:
        """The numbers of a split's pictures, of `many` in its file."""
        drawn = sorted(range(many), key=lambda i: mix("held out", i))
        size, begin = self.sizes[split], self.val_size if split == "train" else 0
        end = many if size is None else begin + size
        if end > many:
            raise UserError(f"{split}_size={size}: {self.files.collection} has {many - begin} pictures for it")
        return torch.tensor(sorted(drawn[begin:end]))
