"""Which files are pictures."""

from pathlib import Path

import pytest

from denoiselab.errors import UserError
from denoiselab.io import picture_files

NAMES = ["b (1).PNG", "a, b=c.jpeg", "sub folder/größe.tiff", "z.webp"]


def filled(folder: Path) -> Path:
    for name in [*NAMES, ".hidden.png", ".cache/x.png", "notes.txt", "archive.png.gz"]:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (folder / "folder.png").mkdir()
    return folder


def test_a_folder_is_searched_and_sorted(tmp_path: Path) -> None:
    assert picture_files(filled(tmp_path)) == sorted(tmp_path / name for name in NAMES)


def test_hidden_above_the_root_does_not_count(tmp_path: Path) -> None:
    root = tmp_path / ".data"
    assert len(picture_files(filled(root))) == len(NAMES)


def test_a_file_is_itself(tmp_path: Path) -> None:
    assert picture_files(filled(tmp_path) / NAMES[0]) == [tmp_path / NAMES[0]]


@pytest.mark.parametrize("name", ["notes.txt", "missing", "folder.png"])
def test_nothing_found_is_an_error_that_names_the_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=name) as caught:
        picture_files(filled(tmp_path) / name)
    assert "\n" not in str(caught.value)
    assert name == "missing" or ".webp" in str(caught.value)
