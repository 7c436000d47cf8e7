"""The standard sets as they are, where DENOISELAB_DATA names the folder that holds them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.training.cautions import twins

FOLDER = Path(os.environ.get("REAL_SETS") or "/nowhere")
TEMPLATE = "mni_icbm152_t1_tal_nlin_sym_09a_converted"
SETS = {
    "set5": (5, 3), "set12": (12, 1), "set14": (14, 3), "bsd68": (68, 1), "cbsd68": (68, 3), "kodak24": (24, 3),
}  # fmt: skip
"""Pictures and channels of the test sets."""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="DENOISELAB_DATA names no folder of real sets")


@pytest.mark.parametrize("name", SETS)
def test_test_sets(name: str, composed_data: Callable[..., Any]) -> None:
    data = composed_data(f"data={name}", f"data.root={FOLDER}")
    data.take_all()
    files = data.files("test")
    assert (len(files), data.channels) == SETS[name]
    data.setup("test")
    assert len(data.stores["test"]) == SETS[name][0]
    sides = np.stack((data.stores["test"].heights, data.stores["test"].widths), 1)
    sizes = {tuple(sorted(pair)) for pair in sides.tolist()}
    if (known := {"bsd68": {(321, 481)}, "cbsd68": {(321, 481)}, "kodak24": {(512, 768)}}.get(name)) is not None:
        assert sizes == known


def test_bsds300_is_200_and_100(composed_data: Callable[..., Any]) -> None:
    data = composed_data("data=bsds300", f"data.root={FOLDER}", "data.held_out=0")
    assert [len(data.files(split)) for split in ("train", "val", "test")] == [200, 0, 100]
    assert not set(data.files("train")) & set(data.files("test"))


def test_volumes_of_mri(composed_data: Callable[..., Any]) -> None:
    pytest.importorskip("nibabel")
    data = composed_data("data=mri", f"data.root={FOLDER}")
    data.setup()
    slices = {store.names[0].partition("[")[0]: len(store) for store in data.stores.values()}
    assert slices == {"chris_t1.nii.gz": 178, "chris_PD.nii.gz": 54, f"{TEMPLATE}.nii.gz": 123}
    assert all(store.layers["clean"].shape[1:] == (1, 255, 255) for store in data.stores.values())


def test_train400_is_gray_crops(composed_data: Callable[..., Any]) -> None:
    data = composed_data("data=train400", f"data.root={FOLDER}")
    data.setup("fit")
    store = data.stores["train"]
    assert len(store) + len(data.stores["val"]) == 400 and len(data.files("test")) == 12
    assert set(store.heights.tolist()) == set(store.widths.tolist()) == {180}
    assert data.channels == 1 and store.layers["clean"].shape[1] == 1


def test_a_test_picture_that_was_trained_on_is_noticed(composed_data: Callable[..., Any]) -> None:
    """CBSD68 lies in BSDS500's val, pixel for pixel."""
    trained = composed_data("data=folder", f"data.root={FOLDER / 'bsds500' / 'val'}", "data.held_out=0")
    tested = composed_data("data=cbsd68", f"data.root={FOLDER}")
    trained.setup("fit")
    tested.take_all()
    tested.setup("test")
    trained.stores["test"] = tested.stores["test"]
    (line,) = twins(trained)
    assert line.startswith("68 of 68 test pictures are training pictures too (101085.png = 101085.jpg")


@pytest.mark.parametrize(("name", "pairs"), [("cc15", 15), ("polyu_cropped", 100)])
def test_pairs_of_cameras(name: str, pairs: int, composed_data: Callable[..., Any]) -> None:
    folder = FOLDER / name
    data = composed_data("data=pairs", f"data.input='{folder}/*_real.*'", f"data.target='{folder}/*_mean.*'")
    scenes = data.scenes()
    assert len(scenes) == pairs
    assert all(s["shot0"].stem.removesuffix("_real") == s["clean"].stem.removesuffix("_mean") for s in scenes)


@pytest.mark.parametrize(
    ("name", "classes"),
    [("mnist", [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]), ("fashion_mnist", [1000] * 10)],
)
def test_mnist_and_its_kin(name: str, classes: list[int], composed_data: Callable[..., Any]) -> None:
    data = composed_data(f"data={name}", f"data.root={FOLDER}")
    data.setup()
    assert [len(data.stores[split]) for split in ("train", "val", "test")] == [59000, 1000, 10000]
    assert data.stores["test"].labels.bincount().tolist() == classes
    assert data.stores["train"].layers["clean"].dtype is torch.uint8
