"""Batches as functions of (seed, step, sample)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.batch import Batch
from denoiselab.data import FolderPictures
from denoiselab.degradations import Gaussian

CPU = torch.device("cpu")


@pytest.fixture
def data(tmp_path: Path, picture: Callable[..., Path], folder_data: Callable[..., FolderPictures]) -> FolderPictures:
    for i in range(5):
        picture(tmp_path / "train" / f"{i}.png", i, height=9 + i)
    made = folder_data(tmp_path, held_out=0.25)
    made.setup()
    return made


def tensors(batch: Batch) -> list[torch.Tensor]:
    return [batch.input, batch.target, batch.index]


def equal(a: Batch, b: Batch) -> bool:
    return all(map(torch.equal, tensors(a), tensors(b)))


def test_batch_has_no_history(data: FolderPictures, folder_data: Callable[..., FolderPictures]) -> None:
    fresh = folder_data(data.root, held_out=0.25)
    fresh.setup("fit")
    for step in range(5):
        data.training_batch(step, 0, 1, CPU)
    torch.manual_seed(5)
    assert equal(data.training_batch(40, 0, 1, CPU), fresh.training_batch(40, 0, 1, CPU))
    assert not equal(data.training_batch(40, 0, 1, CPU), data.training_batch(41, 0, 1, CPU))
    other = folder_data(data.root, seed=1, held_out=0.25)
    other.setup("fit")
    assert not equal(data.training_batch(40, 0, 1, CPU), other.training_batch(40, 0, 1, CPU))


@pytest.mark.parametrize("world", [2, 4])
def test_shares_of_the_ranks_are_the_batch(data: FolderPictures, world: int) -> None:
    whole = tensors(data.training_batch(3, 0, 1, CPU))
    shares = [tensors(data.training_batch(3, rank, world, CPU)) for rank in range(world)]
    assert all(torch.equal(one, torch.cat(part)) for one, part in zip(whole, zip(*shares, strict=True), strict=True))


def test_noise_of_a_test_depends_on_seed_and_picture_only(
    tmp_path: Path, picture: Callable[..., Path], folder_data: Callable[..., FolderPictures]
) -> None:
    def noise(root: str, i: int, seed: int = 0) -> torch.Tensor:
        data = folder_data(tmp_path / root, seed, train="none|.", test=".")
        data.setup("test")
        batch = data.measured_batch("test", [i], CPU, lambda sample, _: sample)
        return batch.input - batch.target

    for name, seed in (("a", 0), ("b", 1), ("c", 2)):
        picture(tmp_path / "one" / f"{name}.png", seed)
    for name, seed in (("x", 2), ("y", 0)):
        picture(tmp_path / "two" / f"{name}.png", seed)
    picture(tmp_path / "mixed" / "a.png", 0)
    picture(tmp_path / "mixed" / "b.tif", 1, dtype="uint16")
    assert torch.equal(noise("one", 0), noise("two", 1)) and torch.equal(noise("one", 2), noise("two", 0))
    assert torch.equal(noise("one", 0), noise("mixed", 0)), "a neighbour of another depth changes nothing"
    assert not torch.equal(noise("one", 0), noise("one", 1))
    assert not torch.equal(noise("one", 0), noise("one", 0, seed=1))


def test_all_windows_and_symmetries_occur(data: FolderPictures) -> None:
    seen = {
        bytes(crop.numpy().tobytes()) for step in range(200) for crop in data.training_batch(step, 0, 1, CPU).target
    }
    store = data.stores["train"]
    assert len(seen) > 0.5 * 8 * int(((store.heights - 7) * (store.widths - 7)).sum())


def test_noise_of_a_test_may_have_another_level(tmp_path: Path, picture: Callable[..., Path], folder_data: Any) -> None:
    for name in ("train", "test"):
        picture(tmp_path / name / "a.png", height=64, width=64)
    levels = {"degradation": Gaussian(sigma=[40, 50], clip=False), "test_degradation": Gaussian(sigma=5, clip=False)}
    data = folder_data(tmp_path, test="test", crop_size=32, **levels)
    data.setup()
    trained, measured = data.training_batch(0, 0, 1, CPU), data.measured_batch("test", [0], CPU, lambda p, _: p)
    assert 38 < 255 * (trained.input - trained.target).std() < 52
    assert 4.7 < 255 * (measured.input - measured.target).std() < 5.3
