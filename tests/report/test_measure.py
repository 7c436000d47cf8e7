"""From a checkpoint's content to the table: the network that changes nothing has the noisy input's figures."""

from math import log10
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from denoiselab.data.store import content_key
from denoiselab.errors import UserError
from denoiselab.report.measure import Measurement, measure, unrestored
from denoiselab.report.tables import read_rows
from denoiselab.streams import Streams, mix

CONFIG: dict[str, Any] = {
    "seed": 0,
    "noise": {"_target_": "denoiselab.degradations.Gaussian", "sigma": 25, "clip": False},
    "test_noise": {},
    "model": {"_target_": "torch.nn.Identity"},
    "loss": {"_target_": "denoiselab.objectives.L2"},
    "optimizer": {"_target_": "torch.optim.Adam", "lr": 1e-2},
    "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
    "method": {"_target_": "denoiselab.methods.Denoiser"},
    "protocol": {
        "_target_": "denoiselab.metrics.Protocol",
        "name": "hand", "crop": None, "window": None, "pool": 1, "clamp": False, "quantize": False,
        "border": 0, "luma": False,
    },
}  # fmt: skip


@pytest.fixture
def pictures(tmp_path: Path) -> list[np.ndarray]:
    """Two synthetic pictures below `pictures/`: a ramp, and a checkerboard."""
    ramp = np.tile(np.arange(40, 220, 3, dtype=np.uint8), (48, 1))
    board = (100 + 80 * (np.indices((32, 40)).sum(0) // 4 % 2)).astype(np.uint8)
    (tmp_path / "pictures").mkdir()
    for name, picture in {"board": board, "ramp": ramp}.items():
        Image.fromarray(picture).save(tmp_path / "pictures" / f"{name}.png")
    return [board, ramp]


def job(folder: Path, **changes: Any) -> Measurement:
    data = {
        "_target_": "denoiselab.data.FolderPictures", "root": str(folder / "pictures"), "within": [], "train": None,
        "val": None, "test": ".", "held_out": 0.0, "left_out": [], "channels": 1, "batch_size": 1, "crop_size": 8,
        "crops_per_picture": 1, "augment": False, "shuffle_channels": False, "val_crop": 8, "cache": None,
    }  # fmt: skip
    config = {**CONFIG, "data": data}
    content = {"denoiselab": {"config": config, **changes}, "state_dict": {}}
    return Measurement(content, config, folder / "out", baselines=False)


def psnr_of_the_noise(picture: np.ndarray) -> float:
    """Of the noise that seed 0 and the picture's content draw, at sigma 25 and unclamped."""
    streams = Streams([mix(0, content_key(torch.from_numpy(picture)[..., None]))])
    streams.uniform()  # the level, were it blind
    noise = streams.normal(1, *picture.shape)
    return -10 * log10((25 / 255) ** 2 * noise.double().square().mean().item())


def test_the_identity_has_the_figures_of_the_noisy_input(
    tmp_path: Path, pictures: list[np.ndarray], capsys: pytest.CaptureFixture[str]
) -> None:
    means, by_picture = measure(job(tmp_path))
    noisy, identity = means.rows
    assert (noisy["restorer"], identity["restorer"]) == ("noisy", "Identity")
    assert [noisy[key] for key in ("PSNR dB", "SSIM")] == [identity[key] for key in ("PSNR dB", "SSIM")]
    assert noisy["PSNR dB"] == pytest.approx(np.mean([psnr_of_the_noise(p) for p in pictures]), abs=1e-4)
    assert [row["picture"] for row in by_picture.rows] == ["board.png", "ramp.png", "mean"]
    assert all(row["noisy"] == row["Identity"] for row in by_picture.rows)
    rows = read_rows(tmp_path / "out" / "results.csv")[1]
    assert [row["psnr"] for row in rows[::2]] == [row["psnr"] for row in rows[1::2]]
    assert float(rows[4]["psnr"]) == pytest.approx((float(rows[0]["psnr"]) + float(rows[2]["psnr"])) / 2)
    summary = yaml.safe_load((tmp_path / "out" / "summary.yaml").read_text())
    assert summary["PSNR dB"] == summary["noisy PSNR dB"] == noisy["PSNR dB"]
    assert (summary["parameters"], summary["pictures"]) == (0, 2)
    assert [row["level"] for row in rows] == 4 * [rows[0]["level"]] + ["", ""]
    assert float(rows[0]["level"]) == pytest.approx(25 / 255)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "results.csv", "results.md", "pictures.png", "summary.yaml"}  # fmt: skip
    assert "WARNING" not in capsys.readouterr().out


@pytest.mark.parametrize(("seen", "said"), [((1,), "1 of 2 test pictures were trained on (ramp.png)"), (
    (0, 1), "2 of 2 test pictures were trained on (board.png, ramp.png)")])  # fmt: skip
def test_pictures_that_were_trained_on_are_named(
    tmp_path: Path, pictures: list[np.ndarray], capsys: pytest.CaptureFixture[str], seen: tuple[int, ...], said: str
) -> None:
    keys = [content_key(torch.from_numpy(pictures[i])[..., None]) for i in seen]
    measure(job(tmp_path, trained_on=["0" * 16, *keys]))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WARNING")]
    assert line == f"WARNING   {said}: their figures mean nothing"


def test_many_twins_are_not_all_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pictures").mkdir()
    same = np.full((12, 12), 7, np.uint8)
    for name in "abcde":
        Image.fromarray(same).save(tmp_path / "pictures" / f"{name}.png")
    measure(job(tmp_path, trained_on=[content_key(torch.from_numpy(same)[..., None])]))
    assert "5 of 5 test pictures were trained on (a.png, b.png, c.png, …)" in capsys.readouterr().out


def test_no_test_pictures_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    with pytest.raises(UserError):
        measure(job(tmp_path))


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_fewer_pixels_are_repeated(scale: int) -> None:
    small = torch.rand(1, 1, 13, 17)
    larger = unrestored(small, torch.zeros(1, 1, 13 * scale, 17 * scale))
    assert torch.equal(larger, small.repeat_interleave(scale, 2).repeat_interleave(scale, 3))
