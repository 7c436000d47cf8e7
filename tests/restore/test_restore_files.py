"""A folder of awkward files: every good one is written as it came, every bad one is named."""

import errno
import os
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image
from rich.console import Console
from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.io import Picture, read_picture, write_picture
from denoiselab.networks.signature import Signature
from denoiselab.restore import FileDenoiser, Report, always, denoise_files

BAD = ["truncated.png", "sub/empty.jpg", "text.png"]
EXACT = Signature(radius=0)


def random(*shape: int, dtype: Any = np.uint8) -> Any:
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def identity(tile: Tensor) -> Tensor:
    return tile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "in (1), ä=b"
    (root / "sub").mkdir(parents=True)
    pictures = {
        "pixel.png": random(1, 1, 3), "line.bmp": random(1, 500, 3), "gray.png": random(9, 7, 1),
        "sub/größe = 3, (2).tif": random(9, 7, 3), "deep gray.png": random(9, 7, 1, dtype=np.uint16),
        "deep.png": random(9, 7, 3, dtype=np.uint16), "deep.tiff": random(9, 7, 3, dtype=np.uint16),
        "lossless.WEBP": random(9, 7, 3), "float.tif": random(9, 7, 3).astype(np.float32) / 50 - 1,
    }  # fmt: skip
    for name, pixels in pictures.items():
        write_picture(root / name, Picture(pixels))
    write_picture(root / "rgba.png", Picture(random(9, 7, 3), random(9, 7)))
    write_picture(
        root / "sub/deep gray alpha.png", Picture(random(9, 7, 1, dtype=np.uint16), random(9, 7) + np.uint16(3))
    )
    Image.fromarray(random(9, 7, 3)).quantize(8).save(root / "palette.png")
    Image.fromarray(random(9, 7)).convert("1").save(root / "one bit.png")
    write_picture(root / "truncated.png", Picture(random(64, 64, 3)))
    os.truncate(root / "truncated.png", 2000)
    (root / "sub/empty.jpg").touch()
    (root / "text.png").write_text("no picture")
    (root / "notes.txt").write_text("no picture either")
    return root


def run(inputs: Path, output: Path, restore: Any = identity, channels: int | None = None, **more: Any) -> Report:
    console = Console(file=StringIO())
    denoiser = FileDenoiser(restore, more.pop("signature", EXACT), channels, tile=more.pop("tile", 512))
    return denoise_files(always(denoiser), inputs, output, console=console, **more)


@pytest.mark.parametrize("channels", [None, 1, 3])
@pytest.mark.parametrize("signature", [EXACT, Signature(), Signature(radius=2, stride=4, divisor=4)])
def test_good_ones_come_back_and_bad_ones_are_named(
    folder: Path, tmp_path: Path, signature: Signature, channels: int | None
) -> None:
    report = run(folder, tmp_path / "out", channels=channels, signature=signature, tile=8)
    everything = {path.relative_to(folder) for path in folder.rglob("*.*") if path.suffix != ".txt"}
    good = everything - {Path(name) for name in BAD}
    assert {path.relative_to(tmp_path / "out") for path in report.written} == good
    assert {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*")} == good
    for name in good:
        before, after = read_picture(folder / name), read_picture(tmp_path / "out" / name)
        assert after.pixels.dtype == before.pixels.dtype, name
        if before.pixels.dtype == np.float32:
            np.testing.assert_allclose(after.pixels, before.pixels, atol=1e-6)
        else:
            np.testing.assert_array_equal(after.pixels, before.pixels, err_msg=str(name))
        np.testing.assert_equal(after.alpha, before.alpha, err_msg=str(name))
    assert len(report.failed) == len(BAD)
    for name in BAD:
        (line,) = [line for line in report.failed if str(folder / name) in line]
        assert "\n" not in line
        assert line.count(name) == 1


def stack_of_pages(path: Path) -> list[Any]:
    """Pages of several sizes, modes and codecs, and a thumbnail."""
    pages = [random(20, 30), random(40, 9, 3, dtype=np.uint16), random(33, 17, 2).astype(np.float32)]
    with tifffile.TiffWriter(path, byteorder=">") as tiff:
        tiff.write(pages[0], photometric="minisblack", compression="zlib", rowsperstrip=7)
        tiff.write(pages[1], photometric="rgb", compression="zlib", predictor=True, tile=(16, 16))
        tiff.write(random(3, 3), photometric="minisblack", subfiletype=1)
        tiff.write(pages[2], photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"])
    return pages


@pytest.mark.parametrize("signature", [EXACT, Signature(), Signature(radius=2, stride=4, divisor=4)])
def test_pages_one_by_one(tmp_path: Path, signature: Signature) -> None:
    pages = stack_of_pages(tmp_path / "pages.tif")
    assert not run(tmp_path / "pages.tif", tmp_path / "out", signature=signature, tile=8).failed
    with tifffile.TiffFile(tmp_path / "out" / "pages.tif") as tiff:
        assert len(tiff.pages) == 3
        for page, expected in zip(tiff.pages, pages, strict=True):
            found = page.asarray()
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(found, expected, atol=1e-4 if found.dtype.kind == "f" else 0)
    assert "not 3 pages; name the output .tif" in run(tmp_path / "pages.tif", tmp_path / "out.png").failed[0]
    tifffile.imwrite(tmp_path / "planes.tif", np.zeros((2, 3, 9, 9), np.uint8), photometric="rgb")
    assert "page 1 is rotated, in planes" in run(tmp_path / "planes.tif", tmp_path / "out").failed[0]


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_pages_cut_short_leave_nothing(tmp_path: Path, share: float) -> None:
    path = tmp_path / "pages.tif"
    stack_of_pages(path)
    os.truncate(path, int(share * path.stat().st_size))
    assert str(path) in run(path, tmp_path / "out").failed[0]
    assert not [file for file in (tmp_path / "out").rglob("*") if file.is_file()]


def test_messages_are_lines_and_a_rule_is_said_once(folder: Path, tmp_path: Path) -> None:
    out = StringIO()
    console = Console(file=out, width=40)
    report = denoise_files(always(FileDenoiser(identity, EXACT, 3)), folder, tmp_path / "out", console=console)
    lines = out.getvalue().splitlines()
    assert set(report.failed) <= set(lines)
    assert sum("repeated to the network's 3 channels" in line for line in lines) == 1


def test_gray_through_rgb_and_rgb_through_gray(tmp_path: Path) -> None:
    gray, colour = Picture(random(9, 7, 1)), Picture(random(9, 7, 3))
    (tmp_path / "in").mkdir()
    write_picture(tmp_path / "in" / "gray.png", gray)
    write_picture(tmp_path / "in" / "colour.png", colour)
    shift = torch.tensor([0, 0.3, 0.6]).view(1, 3, 1, 1) / 10
    run(tmp_path / "in" / "gray.png", tmp_path / "out", lambda t: t * 0.9 + shift, channels=3)
    expected = np.round((gray.pixels / 255 * 0.9 + 0.03) * 255)
    np.testing.assert_array_equal(read_picture(tmp_path / "out" / "gray.png").pixels, expected)

    def half(tile: Tensor) -> Tensor:
        assert tile.shape[1] == 1
        return tile / 2

    run(tmp_path / "in" / "colour.png", tmp_path / "out", half, channels=1)
    expected = np.round(np.float32(colour.pixels) / 255 / 2 * 255)
    np.testing.assert_allclose(read_picture(tmp_path / "out" / "colour.png").pixels, expected, atol=1)


def test_a_file_to_a_file_or_a_folder(folder: Path, tmp_path: Path) -> None:
    assert run(folder / "deep.png", tmp_path / "x" / "new name.tif").written == [tmp_path / "x" / "new name.tif"]
    assert read_picture(tmp_path / "x" / "new name.tif").pixels.dtype == np.uint16
    assert run(folder / "deep.png", tmp_path / "y").written == [tmp_path / "y" / "deep.png"]
    assert "JPEG can't hold uint16" in run(folder / "deep.png", tmp_path / "z.jpg").failed[0]
    assert not (tmp_path / "z.jpg").exists()


def test_integers_are_clamped_and_floats_are_not(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out", lambda t: t * 10 - 3)
    assert set(np.unique(read_picture(tmp_path / "out" / "one bit.png").pixels)) <= {0, 255}
    before, after = (read_picture(root / "float.tif").pixels for root in (folder, tmp_path / "out"))
    np.testing.assert_allclose(after, before * 10 - 3, rtol=1e-5, atol=1e-5)
    assert after.min() < 0 < 1 < after.max()


def doubled(tile: Tensor) -> Tensor:
    return tile.repeat_interleave(2, -1).repeat_interleave(2, -2)


def test_an_enlarged_picture_has_more_pixels_to_a_micrometre(tmp_path: Path) -> None:
    pixels = np.zeros((8, 9), np.uint8)
    tifffile.imwrite(tmp_path / "cell.tif", pixels, imagej=True, resolution=(5, 5), metadata={"unit": "um"})
    run(tmp_path / "cell.tif", tmp_path / "out", doubled, signature=Signature(radius=0, scale=2))
    with tifffile.TiffFile(tmp_path / "out" / "cell.tif") as written:
        assert [written.pages.first.tags[code].value for code in (282, 283)] == [(10, 1), (10, 1)]


def test_a_scale_goes_for_alpha_too(folder: Path, tmp_path: Path) -> None:
    run(folder / "rgba.png", tmp_path / "out", doubled, signature=Signature(radius=0, scale=2))
    after, before = read_picture(tmp_path / "out" / "rgba.png"), read_picture(folder / "rgba.png")
    np.testing.assert_array_equal(after.stacked[::2, ::2], before.stacked)
    assert after.stacked.shape == (18, 14, 4)


def test_an_input_is_never_written_over(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    (folder / folder.name).mkdir()
    (folder / folder.name / "deep.png").write_bytes(before[folder / "deep.png"])
    for inputs, output in [
        (folder, folder), (folder, tmp_path / "link"), (folder, folder / "sub"), (folder, folder / "deep.png"),
        (folder / "deep.png", folder), (folder / "deep.png", folder / "deep.png"),
        (folder / "deep.png", tmp_path / "link" / "deep.png"),
    ]:  # fmt: skip
        with pytest.raises(UserError, match=r"name (a|another) .*folder"):
            run(inputs, output, lambda t: t * 0)
    with pytest.raises(UserError, match="is an input"):
        run(folder, tmp_path)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UserError, match=r"notes\.txt: is a file, and no picture"):
        run(folder / "deep.png", tmp_path / "notes.txt")
    with pytest.raises(UserError, match=r"deep gray\.png: is there already, beside the input"):
        run(folder / "deep.png", folder / "deep gray.png")
    assert {path: path.read_bytes() for path in before} == before


def test_a_pattern(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(folder / "**" / "deep*", out).written == [out / n for n in ("deep gray.png", "deep.png", "deep.tiff",
                                                                          "sub/deep gray alpha.png")]  # fmt: skip
    write_picture(folder / "a[1].png", Picture(random(3, 3, 3)))
    assert run(folder / "a[1].png", out).written == [out / "a[1].png"]
    with pytest.raises(UserError, match="no picture matches"):
        run(folder / "nothing*.png", out)
    with pytest.raises(UserError, match="is an input"):
        run(folder / "*.png", folder)


def test_a_link_out_of_the_folder_is_named(folder: Path, tmp_path: Path) -> None:
    write_picture(tmp_path / "secret.png", Picture(random(3, 3, 3)))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "fine.png").symlink_to(folder / "deep.png")
    report = run(folder, tmp_path / "out")
    assert any(f"{folder / 'link.png'}: is a link out of" in line for line in report.failed)
    assert not (tmp_path / "out" / "link.png").exists()
    assert (tmp_path / "out" / "fine.png").is_file()
    assert run(folder / "link.png", tmp_path / "out").written


def test_a_full_disk_is_named_and_leaves_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    report = run(folder, tmp_path / "out")
    assert not report.written
    assert sum("No space left" in line for line in report.failed) == len(report.failed) - len(BAD)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def exhausted(tile: Tensor) -> Tensor:
    """A device without memory."""
    raise torch.OutOfMemoryError("CUDA out of memory")


@pytest.mark.parametrize("hungry", [exhausted, lambda tile: tile.new_empty(2**50), lambda tile: tile * np.empty(2**50)])
def test_too_little_memory_is_told_with_a_remedy(folder: Path, tmp_path: Path, hungry: Any) -> None:

    assert (
        "not enough memory; name a smaller tile, tile=128"
        in run(folder / "deep.png", tmp_path / "out", hungry).failed[0]
    )


def test_a_bug_in_a_network_is_no_broken_file(folder: Path, tmp_path: Path) -> None:
    def wrong(tile: Tensor) -> Tensor:
        raise RuntimeError("shapes")

    with pytest.raises(RuntimeError, match="shapes"):
        run(folder, tmp_path / "out", wrong)


def test_other_channels_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="takes 9 channels"):
        run(folder, tmp_path / "out", channels=9)


@pytest.mark.parametrize(("signature", "side", "said"), [(Signature(), 40, 1), (Signature(), 8, 0), (EXACT, 40, 0)])
def test_blended_tiles_are_said_once(tmp_path: Path, signature: Signature, side: int, said: int) -> None:
    (tmp_path / "in").mkdir()
    for name in "ab":
        write_picture(tmp_path / "in" / f"{name}.png", Picture(random(9, side, 3)))
    out = StringIO()
    denoiser = FileDenoiser(identity, signature, 3, tile=16)
    denoise_files(always(denoiser), tmp_path / "in", tmp_path / "out", console=Console(file=out, width=200))
    assert out.getvalue().count("in blended tiles") == said
