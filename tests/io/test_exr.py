"""EXR in and out: exact values, other layers carried along, and what can't be read in one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiselab.errors import UserError
from denoiselab.io import read_picture, write_picture
from denoiselab.io.layers import is_named

OpenEXR = pytest.importorskip("OpenEXR")


def values(seed: int, kind: Any = np.float32) -> np.ndarray:
    return (np.random.default_rng(seed).random((5, 7)) * 300 - 1).astype(kind)


def written(path: Path, channels: dict[str, np.ndarray], **header: Any) -> Path:
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **header}
    OpenEXR.File(header, dict(channels)).write(str(path))
    return path


def stored(path: Path) -> dict[str, np.ndarray]:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {name: np.array(channel.pixels) for name, channel in file.channels().items()}


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("names", ["RGB", "RGBA", "Y"])
def test_round_trip_is_exact(tmp_path: Path, kind: Any, names: str) -> None:
    channels = {name: values(i, kind) for i, name in enumerate(names)}
    picture = read_picture(written(tmp_path / "a.exr", channels))
    assert picture.pixels.dtype == np.float32 and picture.pixels.shape == (5, 7, len(names.rstrip("A")))
    assert np.array_equal(picture.pixels[..., 0], channels[names[0]].astype(np.float32))
    assert (picture.alpha is not None) == ("A" in names)
    write_picture(tmp_path / "b.exr", picture)
    again = stored(tmp_path / "b.exr")
    assert again.keys() == channels.keys()
    assert all(np.array_equal(again[name], channels[name]) and again[name].dtype == kind for name in channels)


def test_channels_of_two_depths_keep_their_values(tmp_path: Path) -> None:
    channels = {name: values(i, np.float16 if name == "R" else np.float32) for i, name in enumerate("RGBA")}
    write_picture(tmp_path / "b.exr", read_picture(written(tmp_path / "a.exr", channels)))
    again = stored(tmp_path / "b.exr")
    assert all(np.array_equal(again[name], channels[name]) for name in channels)


def test_other_layers_and_attributes_go_along(tmp_path: Path) -> None:
    channels = {name: values(i, np.float16) for i, name in enumerate(("R", "G", "B", "albedo.R", "depth.Z"))}
    channels["id"] = np.arange(35, dtype=np.uint32).reshape(5, 7)
    window = (np.array([3, 4], np.int32), np.array([9, 8], np.int32))
    written(tmp_path / "a.exr", channels, owner="me", dataWindow=window)
    write_picture(tmp_path / "b.exr", read_picture(tmp_path / "a.exr"))
    again = stored(tmp_path / "b.exr")
    assert all(np.array_equal(again[name], channels[name]) for name in channels) and again.keys() == channels.keys()
    with OpenEXR.File(str(tmp_path / "b.exr")) as file:
        header = dict(file.header())
    assert header["owner"] == "me" and np.array_equal(header["dataWindow"], window)


@pytest.mark.parametrize("place", ["View.Combined", "beauty", "anything"])
def test_picture_is_found_among_layers(tmp_path: Path, place: str) -> None:
    channels = {f"{place}.{part}": values(i) for i, part in enumerate("RGBA")}
    channels |= {f"View.Normal.{part}": values(9 + i) for i, part in enumerate("XYZ")}
    picture = read_picture(written(tmp_path / "a.exr", channels))
    assert np.array_equal(picture.pixels[..., 2], channels[f"{place}.B"])
    assert picture.layers is not None
    normal = np.stack([channels[f"View.Normal.{part}"] for part in "XYZ"], -1)
    assert np.array_equal(picture.layers.auxiliary("normal"), normal)
    write_picture(tmp_path / "b.exr", picture)
    assert stored(tmp_path / "b.exr").keys() == channels.keys()


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        ("albedo", "albedo"), ("ViewLayer.Denoising Albedo", "albedo"), ("ViewLayer.DiffCol", "albedo"),
        ("N", "normal"), ("nn", "normal"), ("sh_normal", "normal"), ("ViewLayer.Denoising Normal", "normal"),
    ],
)  # fmt: skip
def test_names_that_renderers_give(layer: str, kind: str) -> None:
    assert is_named(layer, kind)
    assert not is_named(layer, "albedo" if kind == "normal" else "normal")
    assert not is_named("emission", kind)


def test_float_tiff_becomes_exr(tmp_path: Path) -> None:
    import tifffile

    pixels = np.stack([values(i) for i in range(3)], -1)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb")
    write_picture(tmp_path / "b.exr", read_picture(tmp_path / "a.tif"))
    assert np.array_equal(read_picture(tmp_path / "b.exr").pixels, pixels)


def test_half_keeps_the_largest_value_finite(tmp_path: Path) -> None:
    picture = read_picture(written(tmp_path / "a.exr", {name: values(0, np.float16) for name in "RGB"}))
    picture.pixels[0, 0] = 1e6
    write_picture(tmp_path / "b.exr", picture)
    assert read_picture(tmp_path / "b.exr").pixels.max() == 65504


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ({"u.R": values(0), "v.R": values(1)}, r"isn't clear \(u.R, v.R\)"),
        ({name: np.full((5, 7), np.inf, np.float32) for name in "RGB"}, "35 of its pixels are not finite"),
        ({name: np.ones((5, 7), np.uint32) for name in "RGB"}, "uint32 values"),
    ],
)
def test_what_is_no_picture_is_said(tmp_path: Path, channels: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(UserError, match=rf"a\.exr: .*{said}"):
        read_picture(written(tmp_path / "a.exr", channels))


def test_broken_file_is_said(tmp_path: Path) -> None:
    file = written(tmp_path / "a.exr", {name: values(0) for name in "RGB"})
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(UserError, match=r"a\.exr: can't be read"):
        read_picture(file)


def test_missing_layer_is_said(tmp_path: Path) -> None:
    picture = read_picture(written(tmp_path / "a.exr", {name: values(0) for name in "RGB"}))
    with pytest.raises(UserError, match="no layer named albedo"):
        picture.layers.auxiliary("albedo")


def test_bytes_are_no_radiance(tmp_path: Path) -> None:
    from denoiselab.io import Picture

    with pytest.raises(UserError, match="EXR can't hold uint8"):
        write_picture(tmp_path / "a.exr", Picture(np.zeros((2, 2, 3), np.uint8)))
