"""Restoring pictures of any size: padding, tiles, files, and the classical baselines."""

from denoiselab.restore.classical import Baseline, classical_baselines
from denoiselab.restore.files import Report, denoise_files
from denoiselab.restore.padding import crop_to, pad_to_divisor, restore_whole
from denoiselab.restore.tiles import restore_tiled

__all__ = [
    "Baseline",
    "Report",
    "classical_baselines",
    "crop_to",
    "denoise_files",
    "pad_to_divisor",
    "restore_tiled",
    "restore_whole",
]
