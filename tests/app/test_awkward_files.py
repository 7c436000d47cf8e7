"""A folder of awkward files through `denoise`, as a person would: every good one is written, every bad one named."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from denoiselab.io import Picture, read_picture, write_picture

UPRIGHT = {
    "pixel.png": ((1, 1, 3), "uint8"),
    "line.png": ((1, 5000, 3), "uint8"),
    "palette.png": ((24, 32, 3), "uint8"),
    "sub/inks.jpg": ((24, 32, 3), "uint8"),
    "sub/rotated.jpg": ((32, 24, 3), "uint8"),
    "sub/deep.tif": ((24, 32, 3), "uint16"),
    "deep gray.png": ((24, 32, 1), "uint16"),
}
"""The good files: size when upright, and depth."""
BAD = {
    "truncated.png": "can't be read as a picture",
    "zero bytes.jpg": "the file is empty",
    "text.png": "of no known format",
    "animated.webp": "holds 2 frames",
    "sub/bomb.png": "more than 2 gigapixels",
    "sub/liar.png": "its header says 40000x40000",
    "link.png": "is a link out of",
}
"""The bad ones, and what is said of each."""


def random(*shape: int, dtype: Any = np.uint8) -> Any:
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def header_says(width: int, height: int) -> Callable[[bytes], bytes]:
    """Another size in a PNG's header, with its checksum."""

    def changed(data: bytes) -> bytes:
        head = data[12:16] + struct.pack(">II", width, height) + data[24:29]
        return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]

    return changed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root, photo = tmp_path / "awkward", Image.fromarray(random(24, 32, 3))
    (root / "sub").mkdir(parents=True)
    write_picture(root / "pixel.png", Picture(random(1, 1, 3)))
    write_picture(root / "line.png", Picture(random(1, 5000, 3)))
    photo.quantize(8).save(root / "palette.png")
    photo.convert("CMYK").save(root / "sub/inks.jpg")
    turned = Image.Exif()
    turned[274] = 6
    photo.save(root / "sub/rotated.jpg", exif=turned)
    write_picture(root / "sub/deep.tif", Picture(random(24, 32, 3, dtype=np.uint16)))
    write_picture(root / "deep gray.png", Picture(random(24, 32, 1, dtype=np.uint16)))

    photo.save(root / "truncated.png")
    whole = (root / "truncated.png").read_bytes()
    os.truncate(root / "truncated.png", len(whole) // 2)
    (root / "zero bytes.jpg").touch()
    (root / "text.png").write_text("Not a picture.\n")
    photo.save(root / "animated.webp", save_all=True, append_images=[photo.rotate(180)])
    (root / "sub/bomb.png").write_bytes(header_says(50_000, 50_000)(whole))
    (root / "sub/liar.png").write_bytes(header_says(40_000, 40_000)(whole))
    write_picture(tmp_path / "elsewhere.png", Picture(random(9, 9, 3)))
    (root / "link.png").symlink_to(tmp_path / "elsewhere.png")
    return root


def test_every_good_one_is_written_and_every_bad_one_named(
    shell: Any, tiny_run: Path, folder: Path, workdir: Path
) -> None:
    said = shell("denoise", f"ckpt={tiny_run}", f"input={folder}", "output=out")
    written = {file.relative_to("out").as_posix(): read_picture(file) for file in Path("out").rglob("*.*")}
    assert {name: (p.pixels.shape, str(p.pixels.dtype)) for name, p in written.items()} == UPRIGHT
    assert said.code == 1 and said.line == "denoise: 7 of 14 could not be restored (named above)"
    lines = said.err.splitlines()
    for name, reason in BAD.items():
        (line,) = (line for line in lines if line.startswith(f"{folder / name}: "))
        assert reason in line
    assert f"7 written to out, by {tiny_run / 'best.ckpt'}" in said.out


@pytest.mark.parametrize(("source", "output"), [("", ""), ("", "sub"), ("pixel.png", "pixel.png"), ("pixel.png", "")])
def test_no_output_is_an_input(
    shell: Any, tiny_run: Path, folder: Path, workdir: Path, source: str, output: str
) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*.*")}
    said = shell("denoise", f"ckpt={tiny_run}", f"input={folder / source}", f"output={folder / output}")
    assert said.code == 1 and said.line.startswith("denoise: ") and "name a" in said.line
    assert {file: file.read_bytes() for file in folder.rglob("*.*")} == before
