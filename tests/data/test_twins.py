"""Pictures that share a piece are found, others aren't."""

from io import BytesIO
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data as photographs

from denoiselab.data.store import PictureStore
from denoiselab.data.twins import Marks, marks, marks_of, shared
from denoiselab.io import to_channels
from denoiselab.report.twins import warning

CAT, ROCKET, CUP = photographs.chelsea(), photographs.rocket(), photographs.coffee()


def store(*pictures: NDArray[np.uint8]) -> Marks:
    channels = min(picture.shape[2] for picture in pictures)
    layers = {"clean": [torch.from_numpy(to_channels(p, channels).copy()) for p in pictures]}
    return marks_of(PictureStore.of(layers, [str(i) for i in range(len(pictures))]))


def jpeg(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    file = BytesIO()
    Image.fromarray(picture.squeeze()).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


@pytest.mark.parametrize(
    "twin",
    [
        CAT,
        jpeg(CAT, 60),
        to_channels(CAT, 1),
        CAT[37:237, 101:331],
        to_channels(jpeg(CAT[51:231, 200:380], 80), 1),
        CAT // 2 + 20,
    ],
    ids=["same", "jpeg", "gray", "crop", "gray jpeg crop", "darker"],
)
def test_a_piece_is_found(twin: NDArray[np.uint8]) -> None:
    assert list(shared(store(CUP, twin), store(ROCKET, CAT))) == [(1, 1)]


def test_others_are_not() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 300, 300, 3), np.uint8)
    flat = np.full((100, 100, 3), 9, np.uint8)
    small = CAT[:20, :20]
    pictures = (CAT, CUP, ROCKET, photographs.astronaut(), *noise, flat, small)
    found = store(*pictures)
    assert sorted(shared(found, found)) == [(i, i) for i in range(6)]


@pytest.mark.parametrize("degrees", [0, 20, 45, 60, 90, 150])
def test_a_line_is_no_piece(degrees: float) -> None:
    """Along it every place looks like the next, and like those along any other line, drawn or photographed."""
    random, angle = np.random.default_rng(0), np.deg2rad(degrees)
    down, right = np.mgrid[:400, :400] - 200
    for across, grain in product((1, 3, 8), (0, 1, 3)):
        away = [np.abs((right - moved) * np.cos(angle) + down * np.sin(angle)) for moved in (0, 31)]
        pair = [np.where(line < across / 2 + 0.5, 40, 180)[..., None] for line in away]
        one, other = (
            store((picture + random.integers(0, grain + 1, picture.shape)).astype(np.uint8)) for picture in pair
        )
        assert not list(shared(one, other)), (across, grain)


def test_a_mark_is_a_place() -> None:
    """The marks of a crop that are the whole's lie where the crop was cut."""
    whole, part = (torch.from_numpy(p.copy()).movedim(-1, 0)[None] / 255 for p in (CAT, CAT[40:240, 90:290]))
    known = {tuple(place) for place in (marks(part)[:, :2] + [40, 90]).tolist()}
    assert len(known & {tuple(place) for place in marks(whole)[:, :2].tolist()}) > len(known) / 3


def test_in_a_line(tmp_path: Path) -> None:
    assert warning(None) == warning([]) == ""
    pairs = ["a ~ b", "a ~ c", "d ~ b", "e ~ f"]
    assert "3 test pictures share a piece with a training picture: a ~ b, a ~ c, d ~ b, …" in warning(pairs)
