"""Bursts in memory: scenes of different numbers of shots, of which two are gathered at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from denoiselab.data.reading import Scene
from denoiselab.data.store import Crops, PictureStore


class BurstStore:
    """Scenes with k >= 1 shots each, all with a clean picture or none; a sample is a scene.

    The layers of a crop are `shot0` and `shot1`, which are two different ones where k > 1, and `clean`.
    """

    def __init__(self, scenes: Sequence[Scene], names: list[str]) -> None:
        bursts = [[p for layer, p in scene.layers.items() if layer != "clean"] for scene in scenes]
        clean = [scene.layers["clean"] for scene in scenes if "clean" in scene.layers]
        self.names, self.keys = names, [scene.key for scene in scenes]
        self.shots = _store([shot for burst in bursts for shot in burst], "shot")
        self.clean = _store(clean, "clean") if clean else None
        self.counts = torch.tensor([len(burst) for burst in bursts])
        self.first = self.counts.cumsum(0) - self.counts
        self.heights, self.widths = self.shots.heights[self.first], self.shots.widths[self.first]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def layers(self) -> dict[str, Tensor]:
        """What is held, by name."""
        return {**self.shots.layers, **(self.clean.layers if self.clean else {})}

    def describe(self) -> str:
        """How many scenes there are, of how many shots."""
        fewest, most = int(self.counts.min()), int(self.counts.max())
        return f"{len(self)} scenes of {fewest if fewest == most else f'{fewest} to {most}'} shots"

    def to(self, device: torch.device) -> BurstStore:
        """Move the buffers (nothing is copied where they are there already)."""
        for name in ("counts", "first", "heights", "widths"):
            setattr(self, name, getattr(self, name).to(device))
        for store in filter(None, (self.shots, self.clean)):
            store.to(device)
        return self

    def crops(self, windows: Crops, size: int) -> dict[str, Tensor]:
        """The same windows of two shots, as `windows.shots` draws them, and of the clean picture."""
        pair = two_of(self.counts[windows.index], windows.shots) + self.first[windows.index, None]
        cut = {f"shot{i}": self.shots.crops(replace(windows, index=pair[:, i]), size)["shot"] for i in range(2)}
        return cut | (self.clean.crops(windows, size) if self.clean else {})

    def sample(self, i: int) -> dict[str, Tensor]:
        """The first shots of scene i, at most two, and its clean picture: float `(1, C, H, W)`."""
        shots = range(min(2, int(self.counts[i])))
        whole = {f"shot{j}": self.shots.sample(int(self.first[i]) + j)["shot"] for j in shots}
        return whole | (self.clean.sample(i) if self.clean else {})


def two_of(counts: Tensor, chance: Tensor) -> Tensor:
    """Two different ones of `counts` `(N,)` things, every pair as likely: numbers `(N, 2)`; of one thing, twice that.

    chance: `(N, 2)` uniform in [0, 1).
    """
    one = (chance[:, 0] * counts).long()
    further = 1 + (chance[:, 1] * (counts - 1)).long()
    return torch.stack((one, (one + further) % counts), 1)


def _store(pictures: list[Tensor], layer: str) -> PictureStore:
    return PictureStore({layer: pictures}, [""] * len(pictures), [""] * len(pictures))
