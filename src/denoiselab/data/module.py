"""From a source to batches: the loader hands out numbers, a batch is a pure function of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

import lightning.pytorch as pl
import numpy as np
import torch
from lightning.fabric.utilities import move_data_to_device
from torch import Tensor

from denoiselab.batch import Batch, Pictures
from denoiselab.data.order import Order
from denoiselab.degradations import Degradation
from denoiselab.domains import PHOTOGRAPH, Domain
from denoiselab.errors import UserError
from denoiselab.streams import Streams, mix
from denoiselab.supervision import Supervision

SPLITS = ("train", "val", "test")
Cut = Callable[[Tensor, int], Tensor]


class Store(Protocol):
    """Samples of one split in memory, as they were stored.

    layers: `clean`, `shot0`, `shot1`, ..., `aux`; names and keys: one for each sample, a key by its content. A sample
        may have a `label` beside them, its class, which nothing is cut from.
    """

    names: list[str]
    keys: list[str]

    @property
    def layers(self) -> dict[str, Tensor]: ...

    def __len__(self) -> int: ...

    def to(self, device: torch.device) -> Any:
        """Move the samples to a device."""

    def sample(self, i: int) -> dict[str, Tensor]:
        """Sample i of every layer, whole, float, as a batch of one."""

    def describe(self) -> str:
        """How much there is, in a few words."""


class Steps:
    """The numbers of one epoch's batches that are still to come, counted from the run's first."""

    def __init__(self, length: int, position: Callable[[], int]) -> None:
        self.length, self.position = length, position

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[int]:
        position = self.position()
        return iter(range(position, (position // self.length + 1) * self.length))

    def state_dict(self) -> dict[str, int]:
        """Nothing to keep: the position is the method's. Tells Lightning that the loader resumes by itself."""
        return {}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Nothing to restore."""


class Data(pl.LightningDataModule, ABC):
    """Samples of a domain, a degradation and a supervision -> batches to train and to measure on.

    degradation: of the training; test_degradation: of validation and test, which may have another level.
    channels: of the pictures, which the network's follow; None where samples have none.
    kinds: what the samples are told apart by, in a few words; None: a person's own, or nothing.
    batch_size: samples a step, over all devices together; so a run on two devices does what a run
        on one does.
    together: how many samples are measured at once; more than one where all are of one shape.
    notes: what a person should know of the data; said before the run.
    """

    domain: Domain = PHOTOGRAPH
    channels: int | None = None
    kinds: str | None = None
    together: ClassVar[int] = 1
    trainer: pl.Trainer

    def __init__(
        self,
        *,
        batch_size: int,
        seed: int,
        degradation: Degradation,
        test_degradation: Degradation,
        supervision: Supervision,
    ) -> None:
        super().__init__()
        if batch_size < 1:
            raise UserError(f"batch_size={batch_size}: at least 1 is needed")
        self.batch_size, self.seed = batch_size, seed
        self.degradation, self.test_degradation, self.supervision = degradation, test_degradation, supervision
        self.domain = supervision.domain or self.domain
        self.stores: dict[str, Any] = {}
        self.notes: list[str] = []

    @abstractmethod
    def load(self, split: str) -> Store | None:
        """The samples of `train`, `val` or `test`; None where there are none."""

    @abstractmethod
    def take_all(self) -> None:
        """Make every sample a test sample, where the set has no test part of its own."""

    @abstractmethod
    def drawn(self, index: np.ndarray, slots: range, device: torch.device) -> dict[str, Tensor]:
        """The layers of a training batch `(N, ...)`: these samples, cut and turned by their slots' chance."""

    @property
    @abstractmethod
    def samples_per_epoch(self) -> int:
        """How many samples are drawn in an epoch."""

    def setup(self, stage: str | None = None) -> None:
        """Read what a stage needs, once: `fit` all but the test set, `test` the test set."""
        wanted = {"fit": ("train", "val"), "validate": ("val",), "test": ("test",)}.get(stage or "", SPLITS)
        for split in wanted:
            if split not in self.stores and (store := self.load(split)) is not None and len(store):
                self._check_store(store, split)
                self.stores[split] = store
        if "train" in wanted:
            if "train" not in self.stores:
                raise UserError("data: there are no training samples here: name a training set, data=… data.root=…")
            self.order = Order(len(self.stores["train"]), self.seed)

    def _check_store(self, store: Store, split: str) -> None:
        """Refuse what no batch could be made of, and noise that would only be announced."""
        shots, needed = sum(layer.startswith("shot") for layer in store.layers), self.supervision.shots_needed
        for key, noise in (("noise", self.degradation), ("test_noise", self.test_degradation)):
            if noise.recorded == bool(shots):
                continue
            raise UserError(
                f"{key}: these samples were recorded with theirs, {noise.describe()} isn't added: noise=recorded"
                if shots
                else f"{key}=recorded: these samples are clean, nothing noisy was recorded: name the noise to add, "
                "noise=gaussian, or say what is noisy (data=noisy, data=pairs, data.target=…)"
            )
        if 0 < shots < needed and (split == "train" or "clean" not in store.layers):
            raise UserError(
                f"supervision: {needed} noisy recordings of each scene are needed, here is {shots}: "
                "data.target_is=noisy where the target is one, else supervision=clean, neighbor2neighbor or noise2void"
            )

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch."""
        return max(1, self.samples_per_epoch // self.batch_size)

    @property
    def watched(self) -> tuple[str, str]:
        """The validation metric by which a checkpoint is the best, and whether it is to be `max` or `min`."""
        if "clean" not in self.stores["val"].layers:
            return "val/loss", "min"
        return f"val/{self.domain.figure.name}", self.domain.figure.best

    def train_dataloader(self) -> Steps:
        """Step numbers, from the method's position on."""
        self.stores["train"].to(self.trainer.strategy.root_device)
        return Steps(self.steps_per_epoch, lambda: int(getattr(self.trainer.lightning_module, "position", 0)))

    def val_dataloader(self) -> range:
        """Numbers of the validation's chunks."""
        return range(len(self.chunks("val")))

    def chunks(self, split: str) -> list[list[int]]:
        """The numbers of a split's samples, in order, as many at once as go together."""
        numbers = range(len(self.stores[split]))
        return [list(numbers[i : i + self.together]) for i in numbers[:: self.together]]

    def on_after_batch_transfer(self, batch: Any, dataloader_idx: int) -> Batch:
        """The number of a step, or of a chunk of the validation -> the batch, on the trainer's device."""
        trainer, device = self.trainer, self.trainer.strategy.root_device
        if trainer.training:
            made = self.training_batch(int(batch), trainer.global_rank, trainer.world_size, device)
        else:
            numbers = self.chunks("val")[int(batch)]
            made = self.measured_batch("val", numbers, device, lambda sample, _: self.validated(sample))
        return trainer.precision_plugin.convert_input(made)

    def validated(self, sample: Tensor) -> Tensor:
        """The part of a validation sample that is measured during training."""
        return sample

    def training_batch(self, step: int, rank: int, world: int, device: torch.device) -> Batch:
        """This rank's share of the batch of a step: a function of (seed, step, sample) alone."""
        share = self.batch_size // world
        slots = range(step * self.batch_size + rank * share, step * self.batch_size + (rank + 1) * share)
        index = self.order[slots]
        streams = Streams([mix(self.seed, "noise", slot) for slot in slots], device)
        layers = divisible(self.drawn(index, slots, device), self.degradation.scale)
        return self.supervision(pictures(layers, torch.from_numpy(index)), self.degradation, streams)

    def measured_batch(self, split: str, numbers: Sequence[int], device: torch.device | str, cut: Cut) -> Batch:
        """Samples to measure on: their noise depends on the seed and on the sample, and is drawn on the CPU.

        cut: takes the part of a sample, by its number, that is measured, before the noise.
        """
        store = self.stores[split]
        samples = [
            {
                layer: value.cpu() if layer == "label" else cut(value.cpu(), i)
                for layer, value in store.sample(i).items()
            }
            for i in numbers
        ]
        whole = {layer: torch.cat([s[layer] for s in samples]) for layer in samples[0]}
        layers = divisible(whole, self.test_degradation.scale)
        streams = Streams([mix(self.seed, store.keys[i]) for i in numbers])
        batch = self.supervision.measured(pictures(layers, torch.tensor(numbers)), self.test_degradation, streams)
        return move_data_to_device(batch, torch.device(device))


def divisible(layers: dict[str, Tensor], scale: int) -> dict[str, Tensor]:
    """Of each `(..., H, W)` the top left that a degradation's scale divides, as the field cuts its test pictures."""

    def cut(value: Tensor) -> Tensor:
        height, width = (side // scale * scale for side in value.shape[-2:])
        return value[..., :height, :width]

    return layers if scale == 1 else {name: v if name == "label" else cut(v) for name, v in layers.items()}


def pictures(layers: dict[str, Tensor], index: Tensor) -> Pictures:
    """Layers by name -> what is known of a batch."""
    shots = tuple(value for layer, value in layers.items() if layer.startswith("shot"))
    known = {name: layers.get(name) for name in ("clean", "aux", "label")}
    return Pictures(index=index, shots=shots, **known)
