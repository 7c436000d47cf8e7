"""An EXR through a network that takes albedo and normal beside the radiance."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from denoiselab.io import read_picture, write_picture
from denoiselab.networks.signature import Signature
from denoiselab.restore import FileDenoiser, Report, always, denoise_files

OpenEXR = pytest.importorskip("OpenEXR")
AUX = ("albedo", "normal")


def values(seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random((40, 50)) * 90).astype(np.float16)


def brightened(tile: Tensor) -> Tensor:
    """Radiance + 1000 albedo + 100 normal."""
    assert tile.shape[1] == 9 and tile.dtype is torch.float32
    radiance, albedo, normal = tile.split(3, 1)
    return radiance + 1000 * albedo + 100 * normal


@pytest.fixture
def render(tmp_path: Path) -> dict[str, np.ndarray]:
    layers = [
        *"RGB",
        *(f"View.Denoising Albedo.{c}" for c in "RGB"),
        *(f"View.Denoising Normal.{c}" for c in "XYZ"),
        "Z",
    ]
    channels = {name: values(i) / (1 if name in "RGBZ" else 90) for i, name in enumerate(layers)}
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    OpenEXR.File(header, dict(channels)).write(str(tmp_path / "a.exr"))
    return channels


def run(folder: Path, name: str = "a.exr") -> Report:
    denoiser = FileDenoiser(brightened, Signature(radius=2), 3, AUX, tile=16)
    return denoise_files(always(denoiser), folder / name, folder / "out")


def test_layers_reach_the_network_in_tiles_and_values_above_one_stay(
    tmp_path: Path, render: dict[str, np.ndarray]
) -> None:
    assert not run(tmp_path).failed
    restored = read_picture(tmp_path / "out" / "a.exr")
    exact = [
        render[c].astype(np.float32)
        + 1000 * render[f"View.Denoising Albedo.{c}"].astype(np.float32)
        + 100 * render[f"View.Denoising Normal.{d}"].astype(np.float32)
        for c, d in zip("RGB", "XYZ", strict=True)
    ]
    np.testing.assert_allclose(restored.pixels, np.stack(exact, -1), rtol=2**-10)
    assert restored.pixels.max() > 500 and restored.layers.depth == "float16"
    assert np.array_equal(restored.layers.others["Z"], render["Z"])


def test_a_file_without_the_layers_is_named(tmp_path: Path, render: dict[str, np.ndarray]) -> None:
    picture = read_picture(tmp_path / "a.exr")
    write_picture(tmp_path / "b.tiff", picture)
    plain = {name: values for name, values in render.items() if "Albedo" not in name}
    OpenEXR.File({"type": OpenEXR.scanlineimage}, plain).write(str(tmp_path / "c.exr"))
    assert "of an EXR file" in run(tmp_path, "b.tiff").failed[0]
    assert "c.exr: it has no layer named albedo" in run(tmp_path, "c.exr").failed[0]
