"""Bursts in memory: scenes of different numbers of shots, of which two are gathered at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.store import Crops, PictureStore
from denoiselab.errors import UserError

PICTURE = "picture"


class BurstStore:
    """Scenes with k >= 1 shots each, all with a clean picture or none; a sample is a scene.

    The layers of a crop are `shot0` and `shot1`, which are two different ones where k > 1, and `clean`.

    names, counts: of the scenes; how many shots each has.
    pictures: of one layer, `PICTURE`: the shots of one scene after another, then, where `clean`, its picture of each.

    Raises:
        UserError: the pictures of a scene are of different sizes.
    """

    def __init__(self, names: list[str], counts: Sequence[int], pictures: PictureStore, *, clean: bool) -> None:
        self.names, self.counts, self.pictures, self.clean = names, np.array(counts), pictures, clean
        self.first = self.counts.cumsum(0) - self.counts
        self.keys = [pictures.keys[i] for i in self.first.tolist()]
        self.heights, self.widths = pictures.heights[self.first], pictures.widths[self.first]
        scenes = np.arange(len(names))
        self._check_sizes(np.concatenate((scenes.repeat(self.counts), scenes if clean else scenes[:0])))

    def _check_sizes(self, scene: np.ndarray) -> None:
        """Every picture against the first shot of its scene, whose numbers are `scene` `(P,)`."""
        stored, heights, widths = self.pictures, self.heights[scene], self.widths[scene]
        for i in np.flatnonzero((stored.heights != heights) | (stored.widths != widths)):
            raise UserError(
                f"{self.names[scene[i]]}: {stored.names[i]} is {stored.widths[i]} x {stored.heights[i]}, "
                f"the first shot {widths[i]} x {heights[i]}: the pictures of a scene must have one size"
            )

    def __len__(self) -> int:
        return len(self.names)

    @property
    def layers(self) -> dict[str, Tensor]:
        """What is held, by name."""
        return dict.fromkeys(("shot0", "shot1", *(["clean"] if self.clean else [])), self.pictures.layers[PICTURE])

    def describe(self) -> str:
        """How many scenes there are, of how many shots."""
        fewest, most = int(self.counts.min()), int(self.counts.max())
        return f"{len(self)} scenes of {fewest if fewest == most else f'{fewest} to {most}'} shots"

    def to(self, device: torch.device) -> BurstStore:
        """Move the pictures where they fit, as `PictureStore` does."""
        self.pictures.to(device)
        return self

    def crops(self, windows: Crops, size: int, device: torch.device) -> dict[str, Tensor]:
        """The same windows of two shots, as `windows.shots` draws them, and of the clean picture."""
        assert windows.shots is not None
        one, other = two_of(self.counts[windows.index], windows.shots) + self.first[windows.index]
        taken = {"shot0": one, "shot1": other} | self._clean(windows.index)
        return {
            layer: self.pictures.crops(replace(windows, index=index), size, device)[PICTURE]
            for layer, index in taken.items()
        }

    def sample(self, i: int) -> dict[str, Tensor]:
        """The first shots of scene i, at most two, and its clean picture: float `(1, C, H, W)`."""
        taken = {f"shot{j}": self.first[i] + j for j in range(min(2, self.counts[i]))} | self._clean(i)
        return {layer: self.pictures.sample(int(index))[PICTURE] for layer, index in taken.items()}

    def _clean(self, scene: Any) -> dict[str, Any]:
        """Where the clean pictures of these scenes are, if there are any."""
        return {"clean": self.counts.sum() + scene} if self.clean else {}


def two_of(counts: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Two different ones of `counts` `(N,)` things, every pair as likely: numbers `(2, N)`; of one thing, twice that.

    chance: `(2, N)` uniform in [0, 1).
    """
    one = (chance[0] * counts).astype(np.int64)
    further = 1 + (chance[1] * (counts - 1)).astype(np.int64)
    return np.stack((one, (one + further) % counts))
