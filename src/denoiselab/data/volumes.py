"""Slices of MRI volumes, split by volume."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data.holding import checked, draw_names, hold_out
from denoiselab.data.module import Data
from denoiselab.data.tensors import TensorStore
from denoiselab.domains import MRI, Domain
from denoiselab.errors import UserError
from denoiselab.io.nifti import read_axial, volume_files
from denoiselab.streams import Streams, mix

SEEN = 0.04
"""Of a volume's brightest voxel: what is brighter than this part of it is no background."""


class MRIVolumes(Data):
    """The axial slices of the NIfTI volumes below `root`: real magnitudes, a volume's brightest voxel 1.

    A slice stands in the middle of a square, black around it; training shifts it in a circle (Lehtinen et al. 2018,
    arXiv:1803.04189, 3.5: 255 x 255, whose odd side gives every frequency but 0 a mirror, and up to 64 pixels). The
    slices of one volume are never in two splits.

    root: the volumes' folder, or one that holds it under a name in `within`.
    val, test: file names or patterns of the volumes that are kept back; null: a part of the others, `held_out` each.
    channels: 1, magnitude.
    size: side of the square in pixels. What of a slice is larger is cut off, and said.
    least: slices of which a smaller part is seen (above `SEEN`) are left out.
    shift: pixels, at most, in each direction.
    """

    domain: Domain = MRI
    together: ClassVar[int] = 8

    def __init__(
        self,
        *,
        root: str | None,
        within: Sequence[str],
        val: Sequence[str] | None,
        test: Sequence[str] | None,
        held_out: float,
        channels: int,
        size: int,
        least: float,
        shift: int,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if root is None or not Path(root).expanduser().is_dir():
            raise UserError(f"root={root}: name a folder of NIfTI volumes, data.root=FOLDER")
        checked(held_out, splits=2)
        if channels != 1:
            raise UserError(f"channels={channels}: a slice is gray, channels=1")
        for key, value, low in (("size", size, 1), ("shift", shift, 0)):
            if value < low:
                raise UserError(f"{key}={value}: at least {low} is needed")
        homes = [Path(root).expanduser() / name for name in within]
        self.root = next((home for home in homes if home.is_dir()), Path(root).expanduser())
        self.channels, self.size, self.least, self.shift = channels, size, least, shift
        self.patterns, self.held_out, self.all_are_test = {"val": val, "test": test}, held_out, False

    def take_all(self) -> None:
        self.all_are_test = True

    def shares(self) -> dict[Path, str]:
        """The split of every volume."""
        files = volume_files(self.root)
        if not files:
            raise UserError(f"root={self.root}: no volumes here: name a folder that holds .nii or .nii.gz files")
        if self.all_are_test:
            return dict.fromkeys(files, "test")
        named = {file: split for split in self.patterns for file in self._named(split, files)}
        rest, spare = [f for f in files if f not in named], [s for s, said in self.patterns.items() if said is None]
        drawn = hold_out(draw_names(rest, self.root), self.held_out, spare)
        return {**dict(zip(rest, drawn, strict=True)), **named}

    def _named(self, split: str, files: list[Path]) -> list[Path]:
        patterns = self.patterns[split] or []
        if strange := [p for p in patterns if not any(fnmatch(file.name, p) for file in files)]:
            names = ", ".join(file.name for file in files)
            raise UserError(f"{split}={strange[0]}: no volume is named so (there is: {names})")
        return [file for file in files if any(fnmatch(file.name, p) for p in patterns)]

    def load(self, split: str) -> TensorStore | None:
        pictures, names = list[Tensor](), list[str]()
        for file in sorted(file for file, share in self.shares().items() if share == split):
            volume = torch.from_numpy(read_axial(file))
            kept = [i for i, one in enumerate(volume) if float((one > SEEN).float().mean()) > self.least]
            pictures.append(centred(volume[kept], self.size))
            names += [f"{file.name}[{i}]" for i in kept]
            if int(pictures[-1].count_nonzero()) < int(volume[kept].count_nonzero()):
                height, width = volume.shape[1:]
                self.notes.append(
                    f"{file.name}: slices of {width} x {height} lose what is beyond their middle {self.size}"
                )
        return TensorStore({"clean": torch.cat(pictures)[:, None]}, names) if names else None

    @property
    def samples_per_epoch(self) -> int:
        return len(self.stores["train"])

    def drawn(self, index: np.ndarray, slots: range, device: torch.device) -> dict[str, Tensor]:
        streams = Streams([mix(self.seed, "shift", slot) for slot in slots])
        shifts = streams.integers(-self.shift, self.shift + 1, 2).tolist()
        samples = self.stores["train"].samples(torch.from_numpy(index))
        return {layer: shifted(value.to(device), shifts) for layer, value in samples.items()}


def centred(slices: Tensor, size: int) -> Tensor:
    """`(n, H, W)` -> `(n, size, size)` with the same middle: black added around, or cut off."""
    room = [size - side for side in (slices.shape[2], slices.shape[1])]
    return F.pad(slices, [part for more in room for part in (more // 2, more - more // 2)])


def shifted(pictures: Tensor, shifts: Sequence[Sequence[int]]) -> Tensor:
    """`(N, C, H, W)`, each moved down and right by its two numbers; what leaves comes in on the other side."""
    return torch.stack([one.roll((down, right), (1, 2)) for one, (down, right) in zip(pictures, shifts, strict=True)])
