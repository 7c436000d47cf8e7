"""Small pictures on disk, and data modules over them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import yaml
from numpy.typing import NDArray
from PIL import Image

from denoiselab.data import BurstFolders, FolderPictures, PairedFolders
from denoiselab.degradations import Gaussian, Recorded
from denoiselab.supervision import Clean, Noise2Noise

CONF = Path(__file__).parents[2] / "conf" / "pictures.yaml"
SHARED = yaml.safe_load(CONF.read_text()) | {
    "channels": 3,
    "batch_size": 4,
    "crop_size": 8,
    "crops_per_picture": 3,
    "augment": True,
    "val_crop": None,
    "left_out": [],
    "cache": None,
}


def pixels(seed: int, height: int = 13, width: int = 17, channels: int = 3, dtype: Any = np.uint8) -> NDArray[Any]:
    top = 1.0 if np.issubdtype(dtype, np.floating) else np.iinfo(dtype).max
    return (np.random.default_rng(seed).random((height, width, channels)) * top).astype(dtype)


@pytest.fixture
def picture() -> Callable[..., Path]:
    """Write a picture of noise: an 8-bit PNG, or a TIFF of another type."""

    def write(path: Path, seed: int = 0, **shape: Any) -> Path:
        array = pixels(seed, **shape)
        array = array[..., 0] if array.shape[2] == 1 else array
        path.parent.mkdir(parents=True, exist_ok=True)
        tifffile.imwrite(path, array) if path.suffix == ".tif" else Image.fromarray(array).save(path)
        return path

    return write


def parts(seed: int, own: dict[str, Any]) -> dict[str, Any]:
    noise = own.get("degradation", Gaussian(sigma=30, clip=False))
    every = {"degradation": noise, "test_degradation": noise, "seed": seed, "supervision": Clean()}
    return {**SHARED, **every, **own}


@pytest.fixture
def folder_data() -> Callable[..., FolderPictures]:
    def make(root: Path, seed: int = 0, **own: Any) -> FolderPictures:
        splits = {"within": [], "train": "train|.", "val": None, "test": None, "held_out": 0.1}
        return FolderPictures(root=str(root), **parts(seed, {**splits, **own}))

    return make


@pytest.fixture
def pair_data() -> Callable[..., PairedFolders]:
    def make(root: Path, seed: int = 0, **own: Any) -> PairedFolders:
        folders = {"input": str(root / "noisy"), "target": str(root / "clean"), "target_is": "clean", "held_out": 0.0}
        return PairedFolders(**parts(seed, {**folders, "degradation": Recorded(), **own}))

    return make


@pytest.fixture
def burst_data() -> Callable[..., BurstFolders]:
    def make(root: Path | None, seed: int = 0, **own: Any) -> BurstFolders:
        recorded = {
            **dict.fromkeys(("degradation", "test_degradation"), Recorded()),
            "supervision": Noise2Noise(force=False),
            "held_out": 0.0,
        }
        return BurstFolders(root=root and str(root), **parts(seed, {**recorded, "batch_size": 300, **own}))

    return make


@pytest.fixture
def composed_data(root: Path) -> Callable[..., Any]:
    """The data module of a command line."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    from denoiselab.methods.assembly import make_data

    def make(*overrides: str) -> Any:
        with initialize_config_dir(str(root / "conf"), version_base="1.3"):
            config: Any = OmegaConf.to_container(compose("train", list(overrides)), resolve=True)
        if "crop_size" in config["data"]:
            config["data"]["crop_size"] = 8
        return make_data(config, trust=True)

    return make
