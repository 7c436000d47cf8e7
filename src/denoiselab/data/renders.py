"""Path-traced pictures of scenes that random numbers make up, rendered when they are first wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from denoiselab.data.pictures import PictureData
from denoiselab.data.store import PictureStore
from denoiselab.degradations import MonteCarlo
from denoiselab.domains import HDR
from denoiselab.errors import UserError
from denoiselab.rendering import Layers, Shot, rendered
from denoiselab.streams import mix

DRAWS = ("a", "b")
REFERENCE = "reference"


class Renders(PictureData):
    """Radiance, linear and unclipped, with noise of `noise.samples` paths a pixel; albedo and normal beside it.

    root: the folder in which renders are kept, for all runs; a run renders what lacks.
    aux: what joins the input, each of three channels, from the same paths as the input's radiance.
    size: side of a picture in pixels.
    train_scenes, val_scenes, test_scenes: how many scenes; those of a split are others than those of every other, the
        same in every run.
    reference_samples: paths a pixel of a clean picture. There is one of every scene to measure on, and of the scenes
        to train on if clean targets are asked for.

    There are two draws of each training scene, and each is the input once. Crops are turned and mirrored as any
    picture's, their normals with them but not in direction: they tell of edges, not of up and down.
    """

    domain = HDR

    def __init__(
        self,
        *,
        root: str,
        aux: Sequence[Literal["albedo", "normal"]],
        size: int,
        train_scenes: int,
        val_scenes: int,
        test_scenes: int,
        reference_samples: int,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        counts = {"train_scenes": train_scenes, "val_scenes": val_scenes, "test_scenes": test_scenes}
        for key, value in {**counts, "size": size, "reference_samples": reference_samples}.items():
            if value < (least := 0 if key == "val_scenes" else 1):
                raise UserError(f"{key}={value}: at least {least} is needed")
        if self.channels != 3 or self.shuffle_channels:
            raise UserError("channels: renders are RGB: data.channels=3 data.shuffle_channels=false")
        self.root, self.aux, self.size = Path(root).expanduser(), tuple(aux), size
        self.counts, self.reference_samples = counts, reference_samples

    def samples(self, split: str) -> int:
        """Paths a pixel of a noisy picture."""
        noise = self.degradation if split == "train" else self.test_degradation
        if not isinstance(noise, MonteCarlo):
            raise UserError("noise: renders have noise of their own: noise=montecarlo noise.samples=8")
        return noise.samples

    def take_all(self) -> None:
        """The test scenes are fixed."""

    def load(self, split: str) -> PictureStore | None:
        scenes = [mix(split, i) for i in range(self.counts[f"{split}_scenes"])]
        training = split == "train"
        draws = {draw: self.shots(scenes, self.samples(split), draw) for draw in DRAWS[: 2 if training else 1]}
        wanted = [*draws.values()]
        if clean := not (training and self.supervision.noisy_target):
            wanted.append(self.shots(scenes, self.reference_samples, REFERENCE))
        pictures = self.renders(wanted)
        references = pictures.pop() if clean else []
        layers: dict[str, list[Tensor]] = {}
        for i, inputs in enumerate(pictures):
            seconds = pictures[1 - i] if training and not clean else []
            for layer, values in self.laid_out(inputs, seconds, references).items():
                layers.setdefault(layer, []).extend(values)
        names = [f"{split} scene {i}{draw if training else ''}" for draw in draws for i in range(len(scenes))]
        return PictureStore.of(layers, names) if scenes else None

    def shots(self, scenes: Sequence[int], samples: int, draw: str) -> list[Shot]:
        """One render of every scene."""
        return [Shot(scene, self.size, samples, draw) for scene in scenes]

    def renders(self, wanted: Sequence[list[Shot]]) -> list[list[Layers]]:
        """The same lists, rendered."""
        found = iter(rendered([shot for shots in wanted for shot in shots], self.root))
        return [[next(found) for _ in shots] for shots in wanted]

    def laid_out(
        self, inputs: list[Layers], seconds: list[Layers], references: list[Layers]
    ) -> dict[str, list[Tensor]]:
        """What a store holds of them, `(H, W, C)`."""
        named = {"shot0": inputs, "shot1": seconds, "clean": references}
        layers = {
            layer: [torch.from_numpy(picture["radiance"]) for picture in pictures]
            for layer, pictures in named.items()
            if pictures
        }
        if self.aux:
            stacked = [np.concatenate([picture[name] for name in self.aux], 2) for picture in inputs]
            layers["aux"] = [torch.from_numpy(picture) for picture in stacked]
        return layers
