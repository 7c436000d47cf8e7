"""MRI volumes: which slices, how large, how shifted, in which split."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.batch import Observation
from denoiselab.data.volumes import MRIVolumes, centred, shifted
from denoiselab.degradations import Undersampling
from denoiselab.errors import UserError
from denoiselab.io import nifti
from denoiselab.supervision import Noise2Noise

CPU = torch.device("cpu")
SIDE = 15
RIGHT, FRONT, TOP = (7, 4, 3), (4, 9, 3), (4, 4, 5)
"""Voxels of a volume of 9 x 12 x 6."""


@pytest.fixture
def volume(tmp_path: Path) -> Callable[..., Path]:
    """Write a volume whose body is 0.5 but for three voxels; its first and last slices are nearly empty."""
    nibabel = pytest.importorskip("nibabel")

    def write(name: str, seed: int = 0, axes: str = "RAS", scale: float = 1.0) -> Path:
        values = np.zeros((9, 12, 6), np.float32)
        values[1:8, 1:11, 1:5] = 0.4 + 0.1 * np.random.default_rng(seed).random((7, 10, 4))
        for place, value in ((RIGHT, 0.7), (FRONT, 0.8), (TOP, 1.0)):
            values[place] = value
        image = nibabel.Nifti1Image(values * scale, np.eye(4))
        turn = nibabel.orientations.axcodes2ornt(axes)
        nibabel.save(image.as_reoriented(nibabel.orientations.ornt_transform(nibabel.io_orientation(np.eye(4)), turn)),
                     tmp_path / name)  # fmt: skip
        return tmp_path / name

    return write


@pytest.fixture
def mri_data(tmp_path: Path) -> Callable[..., MRIVolumes]:
    def make(**own: Any) -> MRIVolumes:
        noise = dict.fromkeys(("degradation", "test_degradation"), Undersampling(keep=0.5))
        parts = {
            "root": str(tmp_path), "within": [], "val": None, "test": None, "held_out": 0.1, "channels": 1,
            "batch_size": 64, "size": SIDE, "least": 0.1, "shift": 3, "seed": 0,
            "supervision": Noise2Noise(force=False),
        }  # fmt: skip
        return MRIVolumes(**{**parts, **noise, **own})

    return make


@pytest.mark.parametrize("axes", ["RAS", "LPI", "SAL"])
def test_slices_lie_the_same_however_the_file_does(axes: str, volume: Callable[..., Path]) -> None:
    slices = nifti.read_axial(volume("a.nii.gz", axes=axes, scale=700))
    assert slices.shape == (6, 12, 9) and slices.dtype == np.float32
    for (right, front, top), value in ((RIGHT, 0.7), (FRONT, 0.8), (TOP, 1.0)):
        assert slices[top, 11 - front, right] == pytest.approx(value, rel=1e-6), "anterior up, right on the right"


def test_split_by_volume(volume: Callable[..., Path], mri_data: Callable[..., MRIVolumes]) -> None:
    for i in range(5):
        volume(f"subject{i}.nii.gz", i)
    data = mri_data(test=["subject[34]*"])
    data.setup()
    found = {split: {name.partition("[")[0] for name in store.names} for split, store in data.stores.items()}
    assert (
        found["test"] == {"subject3.nii.gz", "subject4.nii.gz"} and len(found["val"]) == 1 and len(found["train"]) == 2
    )
    assert not found["train"] & found["val"]
    assert data.stores["test"].names[:4] == [f"subject3.nii.gz[{i}]" for i in range(1, 5)], "only slices with something"
    with pytest.raises(UserError, match=r"val=nobody: no volume is named so .there is: subject0\.nii\.gz, "):
        mri_data(val=["nobody"]).shares()
    other = mri_data(test=[])
    other.take_all()
    assert set(other.shares().values()) == {"test"}


def test_training_shifts_in_a_circle_and_measuring_does_not(
    volume: Callable[..., Path], mri_data: Callable[..., MRIVolumes]
) -> None:
    volume("a.nii")
    data = mri_data(held_out=0.0)
    data.setup("fit")
    batch = data.training_batch(2, 0, 1, CPU)
    assert batch.input.shape == (64, 1, SIDE, SIDE) and batch.clean is not None
    whole = data.stores["train"].samples(batch.index)["clean"]
    rolls = [(down, right) for down in range(-3, 4) for right in range(-3, 4)]
    found = [
        next(roll for roll in rolls if torch.equal(clean, stored.roll(roll, (1, 2))))
        for clean, stored in zip(batch.clean, whole, strict=True)
    ]
    assert len(set(found)) > 30, "of 49 shifts"
    data.stores["val"] = data.stores["train"]
    assert torch.equal(
        data.measured_batch("val", [1], CPU, lambda p, _: p).target, data.stores["val"].sample(1)["clean"]
    )


def test_noisy_pairs_of_slices_have_their_own_measured_frequencies(
    volume: Callable[..., Path], mri_data: Callable[..., MRIVolumes]
) -> None:
    volume("a.nii")
    data = mri_data(held_out=0.0)
    data.setup("fit")
    batch = data.training_batch(0, 0, 1, CPU)
    assert not torch.equal(batch.observation.value, batch.target)
    estimate = batch.observation.operator.project(torch.zeros_like(batch.target), Observation(batch.input))
    seen = torch.fft.fft2(estimate).abs() > 1e-3
    truth = torch.fft.fft2(batch.clean)
    torch.testing.assert_close(torch.fft.fft2(estimate)[seen], truth[seen], rtol=1e-3, atol=1e-3)
    assert 0.3 < seen.float().mean() < 0.7


def test_a_slice_keeps_its_middle() -> None:
    slices = torch.arange(1.0, 1 + 2 * 4 * 7).view(2, 4, 7)
    larger = centred(slices, 9)
    assert larger.shape == (2, 9, 9) and torch.equal(larger[:, 2:6, 1:8], slices) and larger.sum() == slices.sum()
    assert torch.equal(centred(slices, 3), slices[:, 1:4, 2:5])


def test_shift() -> None:
    picture = torch.arange(12.0).view(1, 1, 3, 4)
    assert shifted(picture, [[1, -1]])[0, 0].tolist() == [[9, 10, 11, 8], [1, 2, 3, 0], [5, 6, 7, 4]]


def test_what_is_cut_off_is_said(volume: Callable[..., Path], mri_data: Callable[..., MRIVolumes]) -> None:
    volume("a.nii")
    data = mri_data(held_out=0.0, size=9)
    data.setup("fit")
    assert data.notes == ["a.nii: slices of 9 x 12 lose what is beyond their middle 9"]


def test_what_is_no_volume(tmp_path: Path, mri_data: Callable[..., MRIVolumes]) -> None:
    with pytest.raises(UserError, match="no volumes here: name a folder that holds"):
        mri_data().shares()
    nibabel = pytest.importorskip("nibabel")
    nibabel.save(nibabel.Nifti1Image(np.ones((3, 3, 3, 2), np.float32), np.eye(4)), tmp_path / "b.nii")
    with pytest.raises(UserError, match=r"b\.nii: finite magnitudes on 3 axes are needed"):
        nifti.read_axial(tmp_path / "b.nii")
    for name in ("broken.nii", "broken.nii.gz"):
        (tmp_path / name).write_bytes(b"\x1f\x8bno volume")
        with pytest.raises(UserError, match=r"broken\.nii.*: no readable NIfTI volume") as caught:
            nifti.read_axial(tmp_path / name)
        assert "\n" not in str(caught.value)
    bent = nibabel.Nifti1Image(np.ones((3, 3, 3), np.float32), None)
    bent.header["srow_x"], bent.header["sform_code"] = [float("nan")] * 4, 1
    nibabel.save(bent, tmp_path / "bent.nii")
    with pytest.raises(UserError, match=r"bent\.nii: no readable NIfTI volume"):
        nifti.read_axial(tmp_path / "bent.nii")


def test_what_a_mac_leaves_beside_a_volume_is_none(tmp_path: Path) -> None:
    for name in ("a.nii", "._a.nii", ".trash/b.nii"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert nifti.volume_files(tmp_path) == [tmp_path / "a.nii"]


def test_without_nibabel_the_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nifti, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="nibabel, which is not installed: pip install nibabel"):
        nifti.read_axial(tmp_path / "a.nii")


@pytest.mark.parametrize(
    ("key", "value"), [("channels", 3), ("size", 0), ("shift", -1), ("held_out", 0.5), ("root", None)]
)
def test_values_that_make_no_sense(key: str, value: Any, mri_data: Callable[..., MRIVolumes]) -> None:
    with pytest.raises(UserError, match=f"^{key}={value}: "):
        mri_data(**{key: value})
