"""The networks in the package: found by name, used where nothing is said, and as good as their cards say."""

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import Image
from skimage import data

import denoiselab
from denoiselab.builtin import WEIGHTS
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import find_checkpoint, read_checkpoint

NAMES = ("gray", "rgb", "camera")
MOST = 3 * 2**20
"""Bytes of a network in the package."""
BETTER = {15: 32.27, 25: 30.35, 50: 27.82}
"""dB of BM3D on scikit-image's cameraman at 256², measured."""


@pytest.fixture
def photo(workdir: Path) -> Path:
    """A photograph under white noise of sigma 25, and what it is like in gray."""
    clean = data.astronaut()[:192, 128:320]
    noisy = clean + np.random.default_rng(0).normal(0, 25, clean.shape)
    (workdir / "photos").mkdir()
    Image.fromarray(clean).save("clean.png")
    Image.fromarray(noisy.clip(0, 255).round().astype(np.uint8)).save("photos/rgb.png")
    Image.fromarray(pixels("photos/rgb.png")).convert("L").save("photos/gray.png")
    return Path("photos")


def pixels(file: str | Path) -> np.ndarray:
    with Image.open(file) as picture:
        return np.asarray(picture)


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean((one.astype(float) - other) ** 2) / 255**2))


def test_a_folder_without_a_word_on_the_network(shell: Any, photo: Path) -> None:
    said = shell("denoise", f"input={photo}", "output=out")
    assert said.code == 0, said.err
    assert "by the network that knows its noise: builtin/camera, builtin/gray, builtin/rgb\n" in said.out
    assert "rgb.png: noise of sigma 2" in said.err and "by builtin/rgb (Gaussian, sigma in [0, 55]" in said.err
    assert "by builtin/gray (Gaussian" in said.err and "WARNING" not in said.err
    clean, noisy = pixels("clean.png"), pixels(photo / "rgb.png")
    assert psnr(pixels("out/rgb.png"), clean) > psnr(noisy, clean) + 8
    assert pixels("out/gray.png").ndim == 2


def test_a_jpeg_of_halved_colours_goes_to_the_gray_network(shell: Any, photo: Path) -> None:
    """To the one for colours noise that they share is picture."""
    with Image.open(photo / "rgb.png") as picture:
        picture.save("halved.jpg", quality=95, subsampling="4:2:0")
    clean, noisy = pixels("clean.png"), pixels("halved.jpg")
    gains = {}
    for name in ("builtin", "builtin/rgb"):
        said = shell("denoise", f"ckpt={name}", "input=halved.jpg", f"output={name}")
        assert said.code == 0, said.err
        gains[name] = psnr(pixels(f"{name}/halved.jpg"), clean) - psnr(noisy, clean)
    assert gains["builtin"] > gains["builtin/rgb"] + 3


@pytest.mark.parametrize("name", NAMES)
def test_by_name(shell: Any, photo: Path, name: str) -> None:
    said = shell("denoise", f"ckpt=builtin/{name}", f"input={photo / 'rgb.png'}", "output=out")
    assert said.code == 0 and f"by builtin/{name}" in said.out


def test_arrays_by_their_channels(photo: Path) -> None:
    denoise, gray = denoiselab.load(), denoiselab.load("builtin/gray")
    noisy = pixels(photo / "rgb.png")
    whole = denoise(noisy, layout="HWC", value_range=(0, 255))
    assert whole.shape == noisy.shape and whole.dtype == np.uint8
    np.testing.assert_array_equal(
        denoise(noisy[..., 0], layout="HW", value_range=(0, 255)),
        gray(noisy[..., :1], layout="HWC", value_range=(0, 255))[..., 0],
    )


def test_measured_by_the_channels_of_the_data(shell: Any, photo: Path) -> None:
    for word, network in (("data.channels=1", "gray"), ("data.channels=3", "rgb")):
        said = shell("evaluate", "data=folder", f"data.root={photo}", word, "noise.sigma=15", "baselines=false")
        assert said.code == 0, said.err
        assert f"builtin/{network}\nwritten to outputs/builtin_{network}/evaluate/" in said.out
    assert not list(WEIGHTS.rglob("evaluate"))


def test_compared(shell: Any, photo: Path) -> None:
    words = (
        "data=folder",
        f"data.root={photo}",
        "data.channels=3",
        "noise=gaussian",
        "noise.sigma=25",
        "baselines=false",
    )
    said = shell("report", "runs=builtin/rgb,builtin/camera", *words, "output=report")
    assert said.code == 0, said.err
    assert "builtin/rgb" in said.out and "builtin/camera" in said.out


@pytest.mark.parametrize(
    ("verb", "word", "said"),
    [
        ("export", "builtin", "ckpt=builtin: a single one is needed here: builtin/gray, builtin/rgb or builtin/camera"),
        ("denoise", "builtin/grey", "builtin/grey: there is builtin/gray, builtin/rgb and builtin/camera"),
        ("denoise", "gray", "there is nothing there; the package's network is builtin/gray"),
    ],
)
def test_what_cannot_be(shell: Any, workdir: Path, verb: str, word: str, said: str) -> None:
    words = ("input=.", "output=out") if verb == "denoise" else ()
    shown = shell(verb, f"ckpt={word}", *words)
    assert shown.code == 1 and said in shown.line, shown.line
    assert not list(workdir.iterdir())


def test_a_folder_of_ones_own_that_is_called_builtin(tiny_run: Path, workdir: Path) -> None:
    shutil.copytree(tiny_run, workdir / "builtin" / "rgb")
    own = Path("builtin/rgb/best.ckpt")
    assert find_checkpoint(Path("builtin/rgb")) == find_checkpoint("./builtin/rgb") == own
    assert find_checkpoint("builtin/rgb").is_relative_to(WEIGHTS)


@pytest.mark.parametrize("given", [[[0.0]], Image.new("L", (4, 4))])
def test_what_is_no_array(given: Any) -> None:
    with pytest.raises(UserError, match="a NumPy array or a tensor is needed"):
        denoiselab.load()(given, layout="HW", value_range=(0, 1))


@pytest.mark.parametrize("name", NAMES)
def test_small_and_as_its_card_says(name: str) -> None:
    file = find_checkpoint(f"builtin/{name}")
    card = file.with_name(f"{file.name}.md").read_text(encoding="utf-8")
    assert file.stat().st_size <= MOST
    assert hashlib.sha256(file.read_bytes()).hexdigest() in card
    for word in ("## Trained on", "## Figures", "## Limits", "## Licence", "commit", "BM3D"):
        assert word in card, word
    assert not re.search(r"/(home|root|work|opt|tmp)/", card)


@pytest.mark.parametrize("name", NAMES)
def test_tells_nothing_of_its_maker(name: str) -> None:
    content = read_checkpoint(find_checkpoint(f"builtin/{name}"))
    assert content.keys() == {"state_dict", "global_step", "denoiselab"}
    assert not {"root", "input", "target", "labels", "cache"} & content["denoiselab"]["config"]["data"].keys()
    assert not re.search(r"[' ]/\w", str(content["denoiselab"]["config"]))


@pytest.mark.parametrize("sigma", BETTER)
def test_better_than_bm3d(sigma: int) -> None:
    clean = torch.from_numpy(data.camera()).float().view(256, 2, 256, 2).mean((1, 3)) / 255
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
    restored = denoiselab.load("builtin/gray")(clean + sigma / 255 * noise, layout="HW", value_range=(0, 1))
    assert float(-10 * (restored.clamp(0, 1) - clean).square().mean().log10()) > BETTER[sigma]


def test_a_size_that_has_to_be_padded_costs_nothing() -> None:
    clean = torch.from_numpy(data.camera()).float().view(256, 2, 256, 2).mean((1, 3)) / 255
    noisy = clean + 25 / 255 * torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
    denoise, odd = denoiselab.load("builtin/gray"), (slice(0, 249), slice(0, 241))
    errors = [
        (restored - clean[odd]).square().mean().log10().mul(-10)
        for restored in (
            denoise(noisy, layout="HW", value_range=(0, 1))[odd],
            denoise(noisy[odd], layout="HW", value_range=(0, 1)),
        )
    ]
    assert abs(float(errors[0] - errors[1])) < 0.15


def test_the_camera_network_learned_what_was_measured(root: Path) -> None:
    measured = yaml.safe_load((root / "experiments/camera/cc15.yaml").read_text(encoding="utf-8"))
    recipe = yaml.safe_load((root / "conf/experiment/builtin_camera.yaml").read_text(encoding="utf-8"))["noise"]
    assert {key: measured[key] for key in ("sigma", "neighbours", "channels")} == {
        key: recipe[key] for key in ("sigma", "neighbours", "channels")
    }
