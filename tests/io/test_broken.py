"""Broken files and full disks end in one line that names the file."""

import errno
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from denoiselab.errors import UserError
from denoiselab.io import Picture, opened_pages, read_picture, write_picture

COLOUR = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
DEEP = Picture(COLOUR.astype(np.uint16) * 257)


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_picture(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "; " in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".bmp", ".webp"])
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9])
def test_truncated(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a{suffix}"
    write_picture(path, Picture(COLOUR))
    os.truncate(path, int(share * path.stat().st_size))
    refused(path)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_truncated_deep(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_picture(path, DEEP)
    os.truncate(path, path.stat().st_size // 2)
    refused(path)


def test_a_flipped_byte_in_a_png_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_picture(path, DEEP)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    refused(path)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".bmp", ".webp"])
def test_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("not a\npicture\n" * 9)
    refused(path)


def test_missing_and_a_folder(tmp_path: Path) -> None:
    refused(tmp_path / "missing.png")
    refused(tmp_path)


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT" * 9)
    assert "2 gigapixels" in refused(tmp_path / "bomb.png")
    limit = Image.MAX_IMAGE_PIXELS
    assert limit is not None


def test_a_header_that_lies_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", Picture(COLOUR[:9, :9]))
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[16:24] = struct.pack(">II", 40_000, 40_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    (tmp_path / "a.png").write_bytes(data)
    assert "40000x40000, which" in refused(tmp_path / "a.png")


def test_a_large_picture_of_one_colour_is_no_lie(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", Picture(np.zeros((2000, 3000, 1), np.uint8)))
    assert read_picture(tmp_path / "a.png").pixels.shape == (2000, 3000, 1)


@pytest.mark.parametrize(
    "header",
    [b"II*\0\0\0\0\0", b"MM\0*\0\0\0\0", b"II*\0\xff\0\0\0", b"II+\0\x08\0\0\0" + bytes(8), b"II*\0", b"II+\0\x08\0"],
)
def test_a_tiff_without_a_page(
    tmp_path: Path, header: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a writer leaves it that was stopped; tifffile has nothing to say of it."""
    path = tmp_path / "a.tif"
    path.write_bytes(header)
    assert "it holds no page" in refused(path)
    with pytest.raises(UserError, match=f"{path}: can't be read as a picture .it holds no page.; "), opened_pages(path):
        pass
    assert not caplog.records and capfd.readouterr() == ("", "")


def test_a_file_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((4, 4), np.int16))
    with pytest.raises(UserError) as caught, opened_pages(path):
        pass
    assert str(caught.value) == refused(path) and refused(path).count("a.tif") == 1
    tifffile.imwrite(path, np.zeros((2, 4, 4), np.int16), photometric="minisblack", bigtiff=True)
    with pytest.raises(UserError) as caught, opened_pages(path):
        pass
    assert str(caught.value).count("a.tif") == 1 and "int16" in str(caught.value)


def test_frames_and_pages_are_not_dropped(tmp_path: Path) -> None:
    frames = [Image.fromarray(COLOUR), Image.fromarray(255 - COLOUR)]
    for name in ("a.png", "a.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        assert "2 frames" in refused(tmp_path / name)
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((2, 20, 30), np.uint8), photometric="minisblack")
    assert "2 pages" in refused(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("array", "options"),
    [
        (np.zeros((4, 4), np.int16), {}),
        (np.zeros((4, 4), np.uint32), {}),
        (np.zeros((4, 4), np.complex64), {}),
        (np.zeros((4, 4, 5), np.uint8), {"photometric": "rgb", "planarconfig": "contig"}),
        (np.zeros((4, 4, 4), np.uint16), {"photometric": "rgb", "extrasamples": ["assocalpha"]}),
        (np.zeros((4, 4, 4), np.uint16), {"photometric": "separated"}),
    ],
)
def test_tiffs_that_could_only_be_read_wrongly(tmp_path: Path, array: Any, options: dict[str, Any]) -> None:
    tifffile.imwrite(tmp_path / "a.tif", array, **options)
    assert "save it" in refused(tmp_path / "a.tif")


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_a_tiff_that_would_spread_what_is_no_number(tmp_path: Path, value: float) -> None:
    array = np.zeros((4, 4), np.float64)
    array[1, 2] = value
    tifffile.imwrite(tmp_path / "a.tif", array)
    assert "1 of its values are not finite, or beyond float32; set them" in refused(tmp_path / "a.tif")
    with opened_pages(tmp_path / "a.tif") as (page,), pytest.raises(UserError, match=r"a.tif: 1 of its values"):
        page.rows(0, 4)


def half(path: Path, data: bytes) -> None:
    """Write to a disk that fills up on the way."""
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def half_page(tiff: tifffile.TiffWriter, *_: object) -> None:
    """The same of a page."""
    tiff.filehandle.write(b"half")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg"])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / name
    write_picture(path, Picture(COLOUR))
    before = path.read_bytes()
    monkeypatch.setattr(Path, "write_bytes", half)
    monkeypatch.setattr("denoiselab.io.tiff_write.write_page", half_page)
    with pytest.raises(UserError, match=f"{name}: can't be written .No space left.*; free some space"):
        write_picture(path, Picture(255 - COLOUR))
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == before


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_picture(tmp_path / "a.png", Picture(COLOUR))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file/a\.png: can't be written"):
        write_picture(tmp_path / "file" / "a.png", Picture(COLOUR))
