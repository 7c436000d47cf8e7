"""Volumes in NIfTI files, read by nibabel (the extra `mri`)."""

from __future__ import annotations

import gzip
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.io.files import is_seen

VOLUMES = (".nii", ".nii.gz")


def volume_files(folder: Path) -> list[Path]:
    """The NIfTI files below a folder, sorted, hidden ones skipped."""
    return sorted(
        file
        for file in folder.rglob("*.nii*")
        if file.name.endswith(VOLUMES) and is_seen(file, folder) and file.is_file()
    )


def read_axial(file: Path) -> NDArray[np.float32]:
    """The axial slices `(n, H, W)` of a volume of real magnitudes, from the feet up, its brightest voxel 1.

    Anterior is up; left is left.

    Raises:
        UserError: no nibabel, no readable volume, not three axes, or nothing in it.
    """
    if not find_spec("nibabel"):
        raise UserError("data=mri: NIfTI files are read by nibabel, which is not installed: pip install nibabel")
    import nibabel

    damaged = (
        nibabel.filebasedimages.ImageFileError, nibabel.orientations.OrientationError, np.linalg.LinAlgError,
        OSError, EOFError, ValueError, zlib.error, gzip.BadGzipFile,
    )  # fmt: skip
    try:
        image: Any = nibabel.as_closest_canonical(nibabel.load(file))
        values = image.get_fdata(dtype=np.float32)
    except damaged as error:
        raise UserError(f"{file}: no readable NIfTI volume ({str(error).splitlines()[0]}): take it away") from error
    if values.ndim != 3 or not np.isfinite(values).all() or values.max() <= 0:
        raise UserError(f"{file}: finite magnitudes on 3 axes are needed, these are {values.shape}: take it away")
    slices = values.transpose(2, 1, 0)[:, ::-1]
    return np.ascontiguousarray(slices / values.max())
