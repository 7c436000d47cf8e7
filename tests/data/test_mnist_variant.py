"""The variants of MNIST: their sizes, what is done to a digit, and that no seed changes them."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data import MNISTVariant, mnist_variant
from denoiselab.data.mnist_variant import TEXTURE, turned
from denoiselab.degradations import Bernoulli
from denoiselab.errors import UserError
from denoiselab.supervision import Label

SHARED = {
    "part": 1.0, "backgrounds": ["coffee.png", "chelsea.png"], "channels": 1, "batch_size": 8, "crop_size": 28,
    "crops_per_picture": 1, "augment": False, "shuffle_channels": False, "val_crop": None,
}  # fmt: skip
DIGITS = {"train": 40, "t10k": 20}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sixty digits, each a white bar whose height is its class; the sizes of the sets cut down to them."""
    for part, many in DIGITS.items():
        labels = torch.arange(many, dtype=torch.uint8) % 10
        pictures = torch.zeros(many, 28, 28, dtype=torch.uint8)
        for picture, label in zip(pictures, labels, strict=True):
            picture[4 : 5 + int(label), 10:14] = 255
        for kind, values in (("images-idx3", pictures), ("labels-idx1", labels)):
            head = bytes((0, 0, 8, values.ndim)) + b"".join(n.to_bytes(4) for n in values.shape)
            (tmp_path / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + bytes(values.flatten())))
    monkeypatch.setattr(mnist_variant, "SIZES", {})
    monkeypatch.setattr(mnist_variant, "USUAL", (30, 10, 20))
    return tmp_path


def data(root: Path, variant: str, **own: Any) -> MNISTVariant:
    noise = dict.fromkeys(("degradation", "test_degradation"), Bernoulli(p=0.25, refill=False))
    parts = {**noise, "supervision": Label(), "seed": 0}
    made = MNISTVariant(**{"root": str(root), "variant": variant, **SHARED, **parts, **own})
    made.setup()
    return made


def shown(made: MNISTVariant, split: str) -> tuple[Tensor, Tensor]:
    batch = made.measured_batch(split, range(len(made.stores[split])), "cpu", lambda picture, _: picture)
    return batch.input[:, 0], batch.target


def test_the_published_sizes() -> None:
    assert mnist_variant.USUAL == (10_000, 2_000, 50_000)
    assert mnist_variant.SIZES == {"rect": (1_000, 200, 50_000), "convex": (6_000, 2_000, 50_000)}


def test_basic_deals_every_digit_once(root: Path) -> None:
    made = data(root, "basic")
    counts = torch.zeros(10, dtype=torch.int64)
    for split, size in (("train", 30), ("val", 10), ("test", 20)):
        pictures, labels = shown(made, split)
        assert len(pictures) == size
        assert torch.equal((pictures[:, :, 12] > 0).sum(1), labels + 1)
        counts += labels.bincount(minlength=10)
    assert counts.tolist() == [6] * 10


def test_a_background_is_seen_where_it_is_lighter(root: Path) -> None:
    digits, labels = shown(data(root, "basic"), "train")
    for variant in ("bg-rand", "bg-img"):
        pictures, same = shown(data(root, variant), "train")
        assert torch.equal(same, labels)
        assert torch.equal(pictures[digits > 0], digits[digits > 0])
        behind = pictures[digits == 0]
        assert behind.std() > TEXTURE
        if variant == "bg-rand":
            assert behind.mean() == pytest.approx(0.5, abs=0.02)


def test_a_turned_digit_is_the_digit_turned_back(root: Path) -> None:
    smooth = F.avg_pool2d(torch.rand(6, 1, 28, 28), 5, 1, 2)[:, 0]
    angle = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 1.0]) * torch.pi
    for one, picture, angles in zip(turned(smooth, angle), smooth, angle, strict=True):
        torch.testing.assert_close(one, torch.rot90(picture, round(float(angles) / (torch.pi / 2))), atol=1e-4, rtol=0)
    pictures, labels = shown(data(root, "rot"), "train")
    mass = pictures.flatten(1).sum(1)
    torch.testing.assert_close(mass, 4.0 * (labels + 1), atol=0.5, rtol=0.1)


@pytest.mark.parametrize("variant", ["basic", "rot", "bg-rand", "bg-img", "bg-img-rot", "rect", "rect-img", "convex"])
def test_no_seed_changes_a_set(root: Path, variant: str) -> None:
    first, other = data(root, variant), data(root, variant, seed=1)
    for split in ("train", "test"):
        assert first.stores[split].keys == other.stores[split].keys
        assert torch.equal(first.stores[split].labels, other.stores[split].labels)
    assert {0, 1} <= set(first.stores["train"].labels.tolist())
    assert not set(first.stores["train"].keys) & set(first.stores["test"].keys) or variant == "basic"


@pytest.mark.parametrize(("own", "line"), [({"part": 0.0}, "part=0.0"), ({"backgrounds": []}, "backgrounds=[]: name")])
def test_what_can_not_be_made(root: Path, own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=re.escape(line)):
        data(root, "bg-img", **own)
