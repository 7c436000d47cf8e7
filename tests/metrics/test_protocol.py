"""Every protocol yaml builds; each step of a protocol does what its name says, and no other."""

import inspect
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import Tensor

from denoiselab.config import build
from denoiselab.errors import UserError
from denoiselab.metrics import Protocol

CONF = Path(__file__).parents[2] / "conf" / "protocol"
NAMES = sorted(path.stem for path in CONF.glob("*.yaml"))


def settings(name: str) -> dict[str, Any]:
    """A protocol's yaml as plain data."""
    loaded = OmegaConf.to_container(OmegaConf.load(CONF / f"{name}.yaml"))
    assert isinstance(loaded, dict)
    return {str(key): value for key, value in loaded.items()}


def protocol(name: str = "default", **changes: Any) -> Protocol:
    """A protocol from its yaml, with changes as on the command line."""
    built = build(settings(name) | changes, "protocol", trust=False)
    assert isinstance(built, Protocol)
    return built


def ramp() -> Tensor:
    """`(1, 3, 6, 7)`, values within and beyond [0, 1]."""
    return torch.linspace(-0.5, 1.5, 126).view(1, 3, 6, 7)


def test_all_five_are_there() -> None:
    assert {"default", "seed002", "noise2noise", "dncnn", "sr"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_yaml_holds_the_signature_and_its_own_name(name: str) -> None:
    parameters = inspect.signature(Protocol).parameters
    assert set(settings(name)) - {"_target_"} == set(parameters)
    assert all(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters.values())
    assert protocol(name).name == name
    assert (CONF / f"{name}.yaml").read_text().startswith("# ")


def test_lines_that_go_with_a_figure() -> None:
    assert protocol("default").describe() == "default: mean of each picture's PSNR, clamped, whole pictures"
    assert protocol("seed002").describe() == (
        "seed002: mean of the PSNR pooled over 4 pictures, not clamped, random 180×180 crops, "
        "each at the top left of a random 320×320 window"
    )
    assert protocol("sr", border=3).describe() == (
        "sr: mean of each picture's PSNR, rounded to 8 bits, whole pictures, BT.601 luma, without a border of 3 px"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"crop": 0}, "protocol.crop=0"),
        ({"window": 5}, "protocol.window=5"),
        ({"crop": 6, "window": 5}, "protocol.window=5: it holds the crop"),
        ({"pool": 0}, "protocol.pool=0"),
        ({"border": -1}, "protocol.border=-1"),
        ({"quantize": True, "clamp": False}, "protocol.clamp=false contradicts"),
        ({"border": "two"}, "protocol.border=two: a whole number is needed"),
        ({"quantise": True}, "did you mean quantize"),
    ],
)
def test_wrong_values_name_the_key(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        protocol(**changes)


def test_clamp_is_of_the_restored_picture_only() -> None:
    restored, clean = protocol().prepare(ramp(), ramp())
    assert torch.equal(restored, ramp().clamp(0, 1).double())
    assert torch.equal(clean, ramp().double())
    assert torch.equal(protocol("seed002").prepare(ramp(), ramp())[0], ramp().double())


def test_quantize_is_what_a_saved_file_holds() -> None:
    restored, clean = protocol("noise2noise").prepare(ramp(), ramp().clamp(0, 1))
    expected = torch.round(ramp().clamp(0, 1) * 255) / 255
    assert torch.equal(restored, expected) and torch.equal(clean, expected)
    assert restored.min() == 0 and restored.max() == 1 and not torch.equal(restored, ramp().clamp(0, 1))


def test_border_is_left_out_on_all_sides() -> None:
    restored, clean = protocol(border=2, clamp=False).prepare(ramp(), ramp() + 1)
    assert torch.equal(restored, ramp()[..., 2:4, 2:5].double())
    assert clean.shape == (1, 3, 2, 3)
    with pytest.raises(UserError, match=r"protocol\.border=3 leaves nothing of a 6×7 picture"):
        protocol(border=3).prepare(ramp(), ramp())


def test_sr_rounds_the_colours_then_takes_luma() -> None:
    restored, _ = protocol("sr").prepare(ramp(), ramp())
    red, green, blue = (torch.round(ramp().clamp(0, 1) * 255) / 255)[0]
    expected = (65.481 * red + 128.553 * green + 24.966 * blue + 16) / 255
    assert torch.allclose(restored[0, 0], expected[2:-2, 2:-2], atol=1e-6) and restored.shape == (1, 1, 2, 3)


def picture(height: int, width: int) -> Tensor:
    """`(1, 1, H, W)` in which every value tells its place: 1000 row + column."""
    return (1000 * torch.arange(height)[:, None] + torch.arange(width)).float()[None, None]


def test_crops_are_pure_functions_of_seed_and_key() -> None:
    cutting = protocol(crop=5)
    first = cutting.cropped(picture(40, 60), 0, "a.png", "x.png")
    torch.rand(3)
    assert first.shape == (1, 1, 5, 5)
    assert torch.equal(first, cutting.cropped(picture(40, 60), 0, "a.png", "x.png"))
    corners = {
        cutting.cropped(picture(40, 60), seed, key, "x.png")[0, 0, 0, 0].item() for seed in (0, 1) for key in "abcd"
    }
    assert len(corners) > 5


def test_crops_take_the_offsets_of_the_seed() -> None:
    """np.random.randint(size - crop): 0 … size - crop - 1, rows and columns apart."""
    cutting = protocol(crop=5)
    corners = {int(cutting.cropped(picture(7, 8), 0, key, "x.png")[0, 0, 0, 0]) for key in range(80)}
    assert corners == {1000 * row + column for row in (0, 1) for column in (0, 1, 2)}


def test_crops_of_seed002_are_those_of_its_test_set() -> None:
    """randint(size - image_size) with image_size 320, then 180 pixels from there: only the top rows of a wide one."""
    crops = [protocol("seed002").cropped(picture(321, 481), 0, key, "x.png") for key in range(60)]
    assert all(crop.shape == (1, 1, 180, 180) for crop in crops)
    corners = {divmod(int(crop[0, 0, 0, 0]), 1000) for crop in crops}
    assert {row for row, _ in corners} == {0} and 120 < max(column for _, column in corners) < 161


def test_crop_as_large_as_the_picture_is_the_picture() -> None:
    assert torch.equal(protocol(crop=6).cropped(ramp()[..., :6], 0, 0, "x.png"), ramp()[..., :6])
    assert torch.equal(protocol().cropped(ramp(), 0, 0, "x.png"), ramp())


def test_smaller_picture_is_refused_with_its_size() -> None:
    with pytest.raises(UserError, match=r"protocol\.window=320 is larger than test picture b\.png of 40×200"):
        protocol("seed002").cropped(picture(40, 200), 0, "a1b2", "b.png")
