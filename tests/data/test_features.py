"""Vectors with classes in files of a person's own."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.data import Features
from denoiselab.degradations import Bernoulli
from denoiselab.errors import UserError
from denoiselab.supervision import Label

VALUES = np.random.default_rng(0).normal(5, 3, (40, 7))
CLASSES = np.arange(40) % 4


def data(folder: Path, values: Any = VALUES, classes: Any = CLASSES, **own: Any) -> Features:
    np.savez(folder / "sounds.npz", x=values, y=classes)
    noise = dict.fromkeys(("degradation", "test_degradation"), Bernoulli(p=0.5, refill=False))
    places = {name: f"{folder / 'sounds.npz'}#{key}" for name, key in {"input": "x", "labels": "y"}.items()}
    parts = {**places, "held_out": 0.1, "channels": 1, "batch_size": 8, "seed": 0, "supervision": Label(), **noise}
    return Features(**(parts | own))


def test_features_are_scaled_by_the_training_samples_and_keep_their_classes(tmp_path: Path) -> None:
    module = data(tmp_path)
    module.setup()
    assert [len(module.stores[split]) for split in ("train", "val", "test")] == [32, 4, 4]
    numbers = {split: [int(name.split()[1]) for name in store.names] for split, store in module.stores.items()}
    assert sorted(i for mine in numbers.values() for i in mine) == list(range(40))
    known = VALUES[numbers["train"]]
    for split, store in module.stores.items():
        expected = (VALUES[numbers[split]] - known.min(0)) / (known.max(0) - known.min(0))
        np.testing.assert_allclose(store.layers["clean"][:, 0, 0], expected.clip(0, 1), atol=1e-6)
        assert store.layers["label"].tolist() == CLASSES[numbers[split]].tolist()


def test_a_batch_is_pictures_of_one_row(tmp_path: Path) -> None:
    module = data(tmp_path)
    module.setup()
    batch = module.training_batch(0, 0, 1, torch.device("cpu"))
    assert batch.input.shape == (8, 1, 1, 7) and batch.label is not None and batch.label.shape == (8,)
    assert ((batch.input == 0) | (batch.input == batch.clean)).all() and not torch.equal(batch.input, batch.clean)


def test_a_feature_that_never_changes_is_zero(tmp_path: Path) -> None:
    module = data(tmp_path, values=np.where(np.arange(7) == 2, 9.0, VALUES))
    module.setup()
    assert not module.stores["train"].layers["clean"][..., 2].any()


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"input": None}, "input is not set: name an array, data.input=FILE.npy"),
        ({"channels": 3}, "channels=3"),
        ({"values": VALUES[:, 0]}, "input holds (40,), labels (40,)"),
        ({"classes": CLASSES[:5]}, "input holds (40, 7), labels (5,)"),
        ({"classes": CLASSES / 2}, "whole numbers from 0 are needed"),
        ({"values": np.full((40, 7), np.nan)}, "some values are no numbers"),
    ],
)
def test_what_are_no_features(own: dict[str, Any], line: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=re.escape(line)):
        data(tmp_path, **own).setup()
