"""MNIST's files as they lie, its splits and labels; never a network."""

import gzip
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from torch import Tensor

from denoiselab.data import MNIST
from denoiselab.degradations import AveragePool, Gaussian
from denoiselab.errors import UserError
from denoiselab.supervision import Clean

CPU = torch.device("cpu")
SIDE, MANY = 7, {"train": 50, "t10k": 20}
SHARED = {
    "collection": "MNIST", "train_size": None, "val_size": 10, "test_size": None, "channels": 1, "batch_size": 8,
    "crop_size": SIDE, "crops_per_picture": 1, "augment": False, "shuffle_channels": False, "val_crop": None,
}  # fmt: skip


def idx(values: Tensor) -> bytes:
    return bytes((0, 0, 8, values.ndim)) + b"".join(n.to_bytes(4) for n in values.shape) + bytes(values.flatten())


def pictures(part: str) -> Tensor:
    """The first pixel of each picture is its number; its label is the number's last digit."""
    made = torch.randint(0, 256, (MANY[part], SIDE, SIDE), dtype=torch.uint8)
    made[:, 0, 0] = torch.arange(MANY[part])
    return made


def save(folder: Path, suffix: str = ".gz") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part in MANY:
        found = pictures(part)
        for kind, values in (("images-idx3", found), ("labels-idx1", found[:, 0, 0] % 10)):
            content = gzip.compress(idx(values)) if suffix else idx(values)
            (folder / f"{part}-{kind}-ubyte{suffix}").write_bytes(content)


def data(root: Path | None, seed: int = 0, **own: Any) -> MNIST:
    noise = {name: Gaussian(sigma=25, clip=False) for name in ("degradation", "test_degradation")}
    parts = {**noise, "supervision": Clean()}
    return MNIST(**{"root": root and str(root), "seed": seed, **SHARED, **parts, **own})


def numbers(made: MNIST, split: str) -> list[int]:
    return [int(name.partition("[")[2][:-1]) for name in made.stores[split].names]


@pytest.mark.parametrize("place", ["MNIST/raw", "raw", "."])
@pytest.mark.parametrize("suffix", [".gz", ""])
def test_the_files_as_they_lie(tmp_path: Path, place: str, suffix: str) -> None:
    save(tmp_path / place, suffix)
    made = data(tmp_path)
    made.setup()
    for split, part in (("train", "train"), ("val", "train"), ("test", "t10k")):
        store = made.stores[split]
        assert store.layers["clean"].dtype is torch.uint8
        for i, number in enumerate(numbers(made, split)):
            sample = store.sample(i)
            assert sample["clean"].shape == (1, 1, SIDE, SIDE)
            assert round(255 * float(sample["clean"][0, 0, 0, 0])) == number
            assert sample["label"].tolist() == [number % 10]
        assert store.names[0] == f"{part}[{numbers(made, split)[0]}]"


def test_splits_are_disjoint_and_the_same_for_every_seed(tmp_path: Path) -> None:
    save(tmp_path)
    made, other = data(tmp_path), data(tmp_path, seed=1, train_size=25, test_size=5)
    made.setup()
    other.setup()
    assert sorted(numbers(made, "train") + numbers(made, "val")) == list(range(50))
    assert numbers(made, "test") == list(range(20))
    assert len(numbers(made, "val")) == 10 and numbers(made, "val") == numbers(other, "val")
    assert len(numbers(other, "train")) == 25 and set(numbers(other, "train")) < set(numbers(made, "train"))
    assert len(numbers(other, "test")) == 5


def test_labels_go_with_their_pictures_whatever_is_cut(tmp_path: Path) -> None:
    save(tmp_path)
    halves = dict.fromkeys(("degradation", "test_degradation"), AveragePool(scale=2))
    made = data(tmp_path, **halves, val_crop=6, channels=3)
    made.setup()
    batch = made.training_batch(2, 0, 1, CPU)
    assert batch.input.shape == (8, 3, 3, 3) and batch.target.shape == (8, 3, 6, 6)
    assert batch.label is not None and batch.label.dtype is torch.int64
    assert torch.equal(batch.label, (255 * batch.target[:, 0, 0, 0]).round().long() % 10)
    measured = made.measured_batch("val", range(10), CPU, lambda sample, _: made.validated(sample))
    assert measured.input.shape == (10, 3, 3, 3)
    assert measured.label.tolist() == [number % 10 for number in numbers(made, "val")]


def test_no_validation_is_kept_back_where_none_is_asked(tmp_path: Path) -> None:
    save(tmp_path)
    made = data(tmp_path, val_size=0)
    made.setup()
    assert "val" not in made.stores and len(made.stores["train"]) == 50


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"train_size": 41}, "train_size=41: MNIST has 40 pictures for it"),
        ({"val_size": 51}, "val_size=51: MNIST has 50 pictures for it"),
        ({"test_size": 0}, "test_size=0: at least 1"),
        ({"val_size": -1}, "val_size=-1: at least 0"),
    ],
)
def test_sizes_that_are_not_there(tmp_path: Path, own: dict[str, int], line: str) -> None:
    save(tmp_path)
    with pytest.raises(UserError, match=line):
        data(tmp_path, **own).setup()


def test_a_folder_that_is_not_named_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"root is not set: .* data\.root=FOLDER"):
        data(None)
    with pytest.raises(UserError, match=r"data\.root=.*nowhere: there is no such folder: .* DENOISELAB_DATA"):
        data(tmp_path / "nowhere").setup()


def test_what_is_not_there_is_downloaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def download(root: Path, download: bool) -> None:
        calls.append(download)
        save(root / "FashionMNIST" / "raw", "")

    monkeypatch.setattr(torchvision.datasets, "FashionMNIST", download)
    for _ in range(2):
        made = data(tmp_path, collection="FashionMNIST")
        made.setup()
        assert len(made.stores["train"]) == 40
    assert calls == [True]


def test_no_network_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(root: Path, download: bool) -> None:
        raise RuntimeError("Error downloading train-images-idx3-ubyte.gz:\nTried MIRROR, got:\nno route\n")

    monkeypatch.setattr(torchvision.datasets, "MNIST", offline)
    with pytest.raises(UserError) as caught:
        data(tmp_path).setup()
    assert "\n" not in str(caught.value)
    assert "can't be downloaded (no route): put the set's four files there" in str(caught.value)
