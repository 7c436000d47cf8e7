"""Folders of clean pictures: splits, layouts, and what to do about a bad file."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import torch

from denoiselab.data.holding import draw_names, hold_out
from denoiselab.errors import UserError
from denoiselab.training.cautions import twins

BSDS300 = {"within": ["bsds500", "BSDS300/images", "images"], "train": "train", "val": None, "test": "val|test"}
Make = Callable[..., Any]


def names(data: Any) -> dict[str, list[str]]:
    data.setup()
    return {split: store.names for split, store in data.stores.items()}


def test_held_out_pictures_are_disjoint_and_fixed(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    for i in range(20):
        picture(tmp_path / f"{i}.png", i)
    split = names(folder_data(tmp_path))
    assert {part: len(held) for part, held in split.items()} == {"train": 16, "val": 2, "test": 2}
    assert sorted(itertools.chain(*split.values())) == sorted(f"{i}.png" for i in range(20))
    assert split == names(folder_data(tmp_path, seed=5))


def test_hold_out_leaves_something_everywhere() -> None:
    assert sorted(hold_out(list("abc"), 0.01, ["val", "test"])) == ["test", "train", "val"]
    assert hold_out(list("abcd"), 0.49, ["val", "test"]).count("train") == 2
    assert hold_out(list("ab"), 0.1, ["val", "test"]) == ["train", "train"]
    assert hold_out(list("abc"), 0.0, ["val", "test"]) == ["train"] * 3


def test_files_of_one_name_are_drawn_by_their_folders(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    for i in range(20):
        picture(tmp_path / f"scene{i}" / "clean.png", i)
    data = folder_data(tmp_path)
    held = [file.parent.name for split in ("val", "test") for file in data.files(split)]
    assert len(held) == 4 and held != sorted(f"scene{i}" for i in range(20))[:4]
    files = [Path("/a/x/1.png"), Path("/a/y/1.png"), Path("/a/2.png")]
    assert draw_names(files, Path("/a")) == ["x/1.png", "y/1.png", "2.png"]
    assert draw_names(files[:2], Path("/a")) == ["x/1.png", "y/1.png"]


def test_folders_of_a_layout_name_the_splits(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    for i, split in enumerate(("train", "val", "test")):
        picture(tmp_path / split / f"{split}.png", i)
    given = folder_data(tmp_path, train="train", val="val", test="test", held_out=0.0)
    assert names(given) == {"train": ["train.png"], "val": ["val.png"], "test": ["test.png"]}
    both = folder_data(tmp_path, train="train+test", test="none|val", held_out=0.0)
    assert names(both) == {"train": ["train.png", "test.png"], "test": ["val.png"]}


def test_pictures_that_are_left_out_are_in_no_split(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    for i, name in enumerate(("train/a.png", "train/b.png", "train/more/a.png", "test/c.png", "test/d.png")):
        picture(tmp_path / name, i)
    given = folder_data(tmp_path, train="train", test="test", held_out=0.0, left_out=["a.png", "d.png"])
    assert names(given) == {"train": ["b.png"], "test": ["c.png"]}
    assert given.notes == ["left out: a.png", "left out: d.png"] and not given.not_found
    given = folder_data(tmp_path, train="train", test="test", held_out=0.0, left_out=["b.png", "e.png"])
    assert names(given)["train"] == ["a.png", "a.png"] and given.not_found == ["e.png"]
    with pytest.raises(UserError, match=r"left_out=\['c\.png', 'd\.png'\]: that is every picture in .*: keep some"):
        folder_data(tmp_path, train="train", test="test", left_out=["c.png", "d.png"]).setup("test")


@pytest.mark.parametrize(
    ("where", "splits"),
    [
        (".", ("train", "val", "test")),
        ("bsds500", ("train", "val", "test")),
        (".", ("train", "test")),
        ("images", ("train", "test")),
        ("BSDS300/images", ("train", "test")),
    ],
)
def test_bsds300_takes_either_layout(
    where: str, splits: tuple[str, ...], tmp_path: Path, picture: Make, folder_data: Make
) -> None:
    for i, split in enumerate(splits):
        picture(tmp_path / where / split / f"{split}.png", i)
    wanted = {"train": ["train.png"], "test": ["val.png" if "val" in splits else "test.png"]}
    assert names(folder_data(tmp_path, **BSDS300, held_out=0.0)) == wanted


def test_own_folders_are_used_where_they_are(tmp_path: Path, picture: Make, composed_data: Make) -> None:
    for split, count in (("train", 4), ("val", 2), ("test", 1)):
        for i in range(count):
            picture(tmp_path / "split" / split / f"{split}{i}.png", hash((split, i)) % 1000, height=16, width=16)
            picture(tmp_path / "flat" / f"{split}{i}.png", hash((split, i)) % 1000, height=16, width=16)
    split = names(composed_data("data=folder", f"data.root={tmp_path / 'split'}"))
    assert {part: len(held) for part, held in split.items()} == {"train": 4, "val": 2, "test": 1}
    flat = names(composed_data("data=folder", f"data.root={tmp_path / 'flat'}"))
    assert {part: len(held) for part, held in flat.items()} == {"train": 5, "val": 1, "test": 1}


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"root": "nowhere"}, "there is no such folder"),
        ({"train": "a|b"}, "it holds no folder a or b"),
        ({"held_out": 0.4}, r"held_out=0.4: a part from 0 up to 1/3"),
        ({"crop_size": 0}, "crop_size=0"),
        ({"channels": 2}, "channels=2"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"crop_size": 14}, "take data.crop_size=13"),
    ],
)
def test_wrong_values_are_named(
    own: dict[str, Any], said: str, tmp_path: Path, picture: Make, folder_data: Make
) -> None:
    picture(tmp_path / "a.png")
    with pytest.raises(UserError, match=said):
        folder_data(tmp_path / own.pop("root", ""), **own).setup("fit")


def test_no_pictures_is_an_error(tmp_path: Path, folder_data: Make) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(UserError, match="no pictures here"):
        folder_data(tmp_path).setup("fit")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_pictures_are_all_trained_on_and_it_is_said(
    count: int, tmp_path: Path, picture: Make, composed_data: Make
) -> None:
    for i in range(count):
        picture(tmp_path / f"{i}.png", i)
    data = composed_data("data=folder", f"data.root={tmp_path}")
    data.setup()
    few, many = "1 picture is too few", "2 pictures are too few"
    remedy = "to keep any back for val and test: have 3 or more, or name data.val=FOLDER data.test=FOLDER"
    assert data.notes == {1: [f"{few} {remedy}"], 2: [f"{many} {remedy}"], 3: []}[count]
    assert len(data.stores["train"]) == {1: 1, 2: 2, 3: 1}[count]
    assert data.training_batch(0, 0, 1, torch.device("cpu")).input.shape == (16, 3, 8, 8)


def test_named_folders_mend_it(tmp_path: Path, picture: Make, composed_data: Make) -> None:
    for i, name in enumerate(("own/train/1.png", "own/check/2.png", "else/3.png")):
        picture(tmp_path / name, i)
    splits = ("data.val=check", f"data.test={tmp_path / 'else'}")
    data = composed_data("data=folder", f"data.root={tmp_path / 'own'}", *splits)
    assert names(data) == {"train": ["1.png"], "val": ["2.png"], "test": ["3.png"]} and not data.notes


def test_nothing_but_broken_files_is_an_error_that_names_them(tmp_path: Path, folder_data: Make) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_text("no picture")
    with pytest.raises(UserError, match=r"a\.png: can't be read as a picture \(of no known format\); replace.*b\.png$"):
        folder_data(tmp_path).setup("fit")


def test_pictures_of_several_pages_are_left_out_of_training_and_named_together_in_a_test(
    tmp_path: Path, picture: Make, folder_data: Make
) -> None:
    for i in range(2):
        picture(tmp_path / f"{i}.png", i)
    for i in range(8):
        tifffile.imwrite(tmp_path / f"stack{i}.tif", np.zeros((3, 16, 16), np.uint8), photometric="minisblack")
    data = folder_data(tmp_path, held_out=0.0)
    data.setup("fit")
    assert data.stores["train"].names == ["0.png", "1.png"]
    assert len(data.notes) == 8 and "stack0.tif: holds 3 pages; save each as a picture of its own" in data.notes[0]
    with pytest.raises(UserError) as caught:
        folder_data(tmp_path, test=".").setup("test")
    said = str(caught.value)
    assert "stack0.tif: holds 3 pages; save each" in said and "; 7 more can't be taken: " in said
    assert "stack5.tif, …" in said and "stack6.tif" not in said and "\n" not in said


@pytest.mark.parametrize("broken", [b"", b"\x89PNG\r\n\x1a\n", None], ids=["empty", "head only", "cut"])
def test_broken_file_is_left_out_of_training_but_not_of_a_test(
    broken: bytes | None, tmp_path: Path, picture: Make, folder_data: Make
) -> None:
    for i in range(3):
        picture(tmp_path / f"{i}.png", i)
    whole = (tmp_path / "1.png").read_bytes()
    (tmp_path / "1.png").write_bytes(whole[: len(whole) // 2] if broken is None else broken)
    data = folder_data(tmp_path, held_out=0.0)
    data.setup("fit")
    assert data.stores["train"].names == ["0.png", "2.png"]
    assert len(data.notes) == 1 and "left out" in data.notes[0] and "1.png" in data.notes[0]
    with pytest.raises(UserError, match=r"1\.png"):
        folder_data(tmp_path, test=".").setup("test")


def test_depths_and_channels_mix(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    picture(tmp_path / "a.png", 0)
    picture(tmp_path / "b.tif", 1, dtype="uint16")
    picture(tmp_path / "c.png", 2, channels=1)
    data = folder_data(tmp_path, held_out=0.0)
    data.setup("fit")
    assert [note for note in data.notes if "gray" in note] == ["gray pictures are repeated to RGB (data.channels=3)"]
    store = data.stores["train"]
    assert store.layers["clean"].dtype is torch.float32 and 0.9 < store.sample(1)["clean"].max() <= 1
    gray = store.sample(2)["clean"]
    assert torch.equal(gray[:, 0], gray[:, 2])
    turned = folder_data(tmp_path, held_out=0.0, channels=1)
    turned.setup("fit")
    assert [note for note in turned.notes if "RGB" in note] == ["RGB pictures are turned gray (data.channels=1)"]


def test_eight_bit_pictures_stay_bytes(tmp_path: Path, picture: Make, folder_data: Make) -> None:
    picture(tmp_path / "a.png")
    data = folder_data(tmp_path, held_out=0.0)
    data.setup("fit")
    assert data.stores["train"].layers["clean"].dtype is torch.uint8


@pytest.mark.parametrize("neighbour", [None, "uint16"])
def test_twins_are_found(neighbour: str | None, tmp_path: Path, picture: Make, folder_data: Make) -> None:
    picture(tmp_path / "train" / "a.png", 0)
    picture(tmp_path / "test" / "same.png", 0)
    picture(tmp_path / "test" / "other.png", 1)
    if neighbour:
        picture(tmp_path / "train" / "b.tif", 2, dtype=neighbour)
    data = folder_data(tmp_path, train="train", test="test", held_out=0.0)
    data.setup()
    assert len(twins(data)) == 1 and "(same.png = a.png): their figures mean nothing" in twins(data)[0]


def test_installed_photographs_are_split_by_picture(composed_data: Make) -> None:
    data = composed_data("data=photos")
    every = [name for split in data.splits.values() for name in split]
    assert len(every) == len(set(every))
    data.setup()
    assert not twins(data) and set(data.stores) == {"train", "val", "test"}
