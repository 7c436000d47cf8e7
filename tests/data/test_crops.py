"""Crops against slicing, flipping and transposing."""

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from denoiselab.data.store import Crops, PictureStore

CPU = torch.device("cpu")
SIZES = [(5, 9), (9, 5), (6, 6), (7, 12)]


def pictures(channels: int, dtype: torch.dtype) -> list[Tensor]:
    whole = [torch.randint(0, 256, (*size, channels), dtype=torch.uint8) for size in SIZES]
    return whole if dtype is torch.uint8 else [p.float() / 7 - 3 for p in whole]


def sliced(picture: Tensor, top: int, left: int, mirror: int, size: int) -> Tensor:
    window = picture[top : top + size, left : left + size].permute(2, 0, 1)
    window = window.float() / 255 if picture.dtype is torch.uint8 else window
    if mirror & 4:
        window = window.transpose(1, 2)
        rows, columns = mirror & 2, mirror & 1
    else:
        rows, columns = mirror & 1, mirror & 2
    return window.flip([d for d, on in ((1, rows), (2, columns)) if on])


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("size", [1, 4, 5])
def test_crops_equal_slices(channels: int, dtype: torch.dtype, size: int) -> None:
    whole = pictures(channels, dtype)
    other = [p.flip(0) for p in whole]
    store = PictureStore.of({"clean": whole, "shot0": other}, [str(i) for i in range(len(whole))])
    windows = [
        (i, top, left, mirror)
        for i, (h, w) in enumerate(SIZES)
        for top, left, mirror in itertools.product(range(h - size + 1), range(w - size + 1), range(8))
    ]
    crops = store.crops(Crops(*np.array(windows).T), size, CPU)
    for layer, source in (("clean", whole), ("shot0", other)):
        assert torch.equal(crops[layer], torch.stack([sliced(source[i], *rest, size) for i, *rest in windows]))
        assert crops[layer].is_contiguous(memory_format=torch.channels_last)
        assert crops[layer].dtype is torch.float32


def test_eight_symmetries_are_eight() -> None:
    store = PictureStore.of({"clean": pictures(3, torch.uint8)}, list("abcd"))
    n = np.zeros(8, dtype=np.int64)
    crops = store.crops(Crops(n, n, n, np.arange(8)), 4, CPU)["clean"]
    assert len({crop.numpy().tobytes() for crop in crops}) == 8


def test_sample_is_the_whole_picture() -> None:
    whole = pictures(3, torch.uint8)
    store = PictureStore.of({"clean": whole}, list("abcd"))
    assert torch.equal(store.sample(1)["clean"][0], whole[1].permute(2, 0, 1) / 255)
    assert store.describe() == "4 (0.0 Mpx)" and len(store) == 4
