"""Arrays of any stated layout and range go in, and the same kind comes out."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import denoiselab
from denoiselab.batch import Observation
from denoiselab.errors import UserError
from denoiselab.methods.assembly import make_method
from denoiselab.methods.checkpoint import BEST, load_method, read_checkpoint, write_checkpoint
from denoiselab.networks.signature import Signature
from denoiselab.restore import ArrayDenoiser

SHAPES = {"N": 2, "C": 3, "H": 7, "W": 5}
CONFIG = {
    "seed": 0, "data": {"channels": 3}, "loss": {"_target_": "denoiselab.objectives.L2"},
    "model": {"_target_": "denoiselab.networks.DnCNN", "depth": 2, "num_features": 4, "init": "he"},
    "method": {"_target_": "denoiselab.methods.Denoiser"},
    "optimizer": {"_target_": "torch.optim.SGD", "lr": 0.1},
    "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
}  # fmt: skip


def half(tile: Tensor) -> Tensor:
    assert tile.dtype == torch.float32
    return tile / 2


def denoiser(function: Any = half, channels: int | None = None, **signature: Any) -> ArrayDenoiser:
    signature = {"radius": 0, **signature}
    return ArrayDenoiser(
        function=function, signature=Signature(**signature), channels=channels, device=torch.device("cpu")
    )


def shaped(layout: str) -> tuple[int, ...]:
    return tuple(SHAPES[axis] for axis in layout)


@pytest.mark.parametrize("layout", ["HW", "HWC", "CHW", "NHW", "NHWC", "NCHW"])
@pytest.mark.parametrize(
    ("dtype", "value_range"),
    [("uint8", (0, 255)), ("uint16", (0, 4095)), ("int16", (-100, 100)), ("float16", (0, 1)), ("float64", (-1, 1))],
)
def test_every_layout_dtype_and_range(layout: str, dtype: str, value_range: tuple[float, float]) -> None:
    low, high = value_range
    noisy = (np.random.default_rng(0).random(shaped(layout)) * (high - low) + low).astype(dtype)
    restored = denoiser()(noisy, layout=layout, value_range=value_range, tile=4)
    expected = (noisy.astype(np.float64) - low) / 2 + low
    if np.issubdtype(noisy.dtype, np.integer):
        expected = np.round(expected)
    assert type(restored) is np.ndarray
    assert (restored.dtype, restored.shape) == (noisy.dtype, noisy.shape)
    np.testing.assert_allclose(restored.astype(np.float64), expected, atol=1e-3)
    tensor = denoiser()(torch.from_numpy(noisy), layout=layout, value_range=value_range)
    assert isinstance(tensor, Tensor)
    np.testing.assert_array_equal(tensor.numpy(), restored)


def test_the_channels_meet_the_axis_that_is_stated() -> None:
    def first_only(tile: Tensor) -> Tensor:
        return tile * torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1)

    picture = torch.rand(3, 3, 3)
    for layout, kept in (("CHW", picture[0]), ("HWC", picture[..., 0])):
        restored = denoiser(first_only)(picture, layout=layout, value_range=(0, 1))
        torch.testing.assert_close(restored.select(layout.index("C"), 0), kept)
        assert restored.select(layout.index("C"), 1).abs().max() == 0


def test_integers_stay_within_the_range_and_floats_do_not() -> None:
    double = denoiser(lambda tile: 2 * tile)
    assert double(np.full((2, 2), 200, np.uint8), layout="HW", value_range=(0, 255)).max() == 255
    assert double(np.full((2, 2), 200.0), layout="HW", value_range=(0, 255)).max() == 400


def test_what_is_given_stays(dtype: Any = np.float32) -> None:
    picture = np.full((4, 4), 0.5, dtype)
    assert denoiser()(picture, layout="HW", value_range=(0, 2)).max() == 0.25 and picture.min() == 0.5


def test_views_of_any_stride() -> None:
    """A mirrored picture, every second row, BGR read as RGB."""
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    seen = denoiser(channels=3)(picture[::2, ::-1, ::-1], layout="HWC", value_range=(0, 255))
    np.testing.assert_allclose(seen, picture[::2, ::-1, ::-1] / 2, atol=0.5)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    picture = np.ones((4, 4))
    picture[1, 2] = value
    with pytest.raises(UserError, match="no numbers, or infinite"):
        denoiser()(picture, layout="HW", value_range=(0, 1))


def test_gray_through_rgb_and_larger_pictures() -> None:
    gray = np.random.default_rng(0).random((6, 9)).astype(np.float32)
    with pytest.warns(UserWarning, match="same in all of them .*a gray network"):
        restored = denoiser(channels=3)(gray, layout="HW", value_range=(0, 1))
    np.testing.assert_allclose(restored, gray / 2, rtol=1e-6)
    doubled = denoiser(lambda t: t.repeat_interleave(2, -1).repeat_interleave(2, -2), scale=2)
    assert doubled(gray, layout="HW", value_range=(0, 1)).shape == (12, 18)


@pytest.mark.parametrize(
    ("shape", "dtype", "layout", "value_range", "said"),
    [
        ((4, 4, 3), "uint8", "HW", (0, 255), "layout=HW"),
        ((4, 4, 3), "uint8", "WHC", (0, 255), "one of HW, HWC"),
        ((4, 4, 4), "uint8", "HWC", (0, 255), "4 channels"),
        ((4, 4), "bool", "HW", (0, 1), "bool values"),
        ((4, 4), ">f4", "HW", (0, 1), ">f4 values: integers or floats in the machine's byte order"),
        ((4, 4), "object", "HW", (0, 1), "object values"),
        ((4, 4), "uint8", "HW", (1, 0), "value_range"),
        ((0, 4), "uint8", "HW", (0, 255), "no pixels"),
        ((4, 4), "uint16", "HW", (0, 0.5), "values from 1 to 1 are outside"),
    ],
)
def test_what_does_not_fit_is_refused(
    shape: tuple[int, ...], dtype: str, layout: str, value_range: tuple[float, float], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        denoiser(channels=3)(np.ones(shape, dtype), layout=layout, value_range=value_range)


def test_a_checkpoint_is_loaded_by_its_run_folder(tmp_path: Path) -> None:
    method = make_method(CONFIG, trust=False)
    content = {"state_dict": method.state_dict(), "denoiselab": {"config": CONFIG}}
    write_checkpoint(content, tmp_path / BEST)
    noisy = np.random.default_rng(0).random((20, 30, 3)).astype(np.float32)
    denoise = denoiselab.load(tmp_path, device="cpu", precision="32-true")
    restored = denoise(noisy, layout="HWC", value_range=(0, 1), tile=8)
    trained, _ = load_method(read_checkpoint(tmp_path / BEST), trust=False)
    expected = trained.restore(Observation(torch.from_numpy(noisy).movedim(-1, 0)[None])).mean[0].movedim(0, -1)
    np.testing.assert_allclose(restored, expected.numpy(), atol=1e-5)
    with pytest.raises(UserError, match="device=cuda:99: there is none here"):
        denoiselab.load(tmp_path, device="cuda:99")
    shutil.rmtree(tmp_path)
    with pytest.raises(UserError, match="nothing there"):
        denoiselab.load(tmp_path)


def test_whole_numbers_above_one_are_no_values_from_0_to_1() -> None:
    with pytest.raises(UserError, match=r"from 0 to 200 in value_range=\(0, 1\): they look like \(0, 255\)"):
        denoiser()(np.float32([[0, 200]]), layout="HW", value_range=(0, 1))


def test_a_tensor_that_has_a_gradient_comes_out_without() -> None:
    assert not denoiser()(torch.zeros(4, 4, requires_grad=True), layout="HW", value_range=(0, 1)).requires_grad
