"""Files that are whole or not there."""

from pathlib import Path

import pytest

from denoiselab.drafts import atomic
from denoiselab.errors import UserError


@pytest.mark.parametrize("name", ["a" * 251 + ".png", "ö" * 125 + ".png"])
def test_a_name_as_long_as_a_file_system_takes(tmp_path: Path, name: str) -> None:
    with atomic(tmp_path / name) as draft:
        draft.write_text("whole")
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(ZeroDivisionError), atomic(tmp_path / "a") as draft:
        draft.write_text("new")
        _ = 1 / 0
    assert (tmp_path / "a").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="can't be written"), atomic(tmp_path / "file" / "a") as draft:
        draft.write_text("never")
