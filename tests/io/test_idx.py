"""IDX files against torchvision's reader."""

import gzip
from pathlib import Path

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.io.idx import read_idx

PICTURES = torch.arange(2 * 3 * 5, dtype=torch.uint8).view(2, 3, 5)
CONTENT = bytes((0, 0, 8, 3)) + b"".join(side.to_bytes(4) for side in PICTURES.shape) + bytes(PICTURES.flatten())


def test_plain_and_gzipped_are_as_torchvision_reads_them(tmp_path: Path) -> None:
    from torchvision.datasets.mnist import read_image_file

    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "a.gz").write_bytes(gzip.compress(CONTENT))
    assert torch.equal(read_image_file(str(tmp_path / "a")), PICTURES)
    assert torch.equal(read_idx(tmp_path / "a"), PICTURES)
    assert torch.equal(read_idx(tmp_path / "a.gz"), PICTURES)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("short", CONTENT[:-1]),
        ("floats", bytes((0, 0, 13, 3)) + CONTENT[4:]),
        ("empty", b""),
        ("text.gz", b"<html>"),
        ("cut.gz", gzip.compress(CONTENT)[:-9]),
    ],
    ids=["short", "floats", "empty", "text", "cut"],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"{name} (can't be read|is no whole IDX file).*: fetch it anew"):
        read_idx(tmp_path / name)
