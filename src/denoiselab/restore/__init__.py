"""Restoring pictures of any size: tiles, files, and the classical baselines."""

from denoiselab.restore.arrays import ArrayDenoiser, ByChannels
from denoiselab.restore.baseline import Baseline
from denoiselab.restore.classical import classical_baselines
from denoiselab.restore.deploy import deploy, prepare
from denoiselab.restore.files import Report, always, denoise_files
from denoiselab.restore.observed import Restorer, restore_observation
from denoiselab.restore.picture import FileDenoiser
from denoiselab.restore.tiles import restore_tiled

__all__ = [
    "ArrayDenoiser",
    "Baseline",
    "ByChannels",
    "FileDenoiser",
    "Report",
    "Restorer",
    "always",
    "classical_baselines",
    "denoise_files",
    "deploy",
    "prepare",
    "restore_observation",
    "restore_tiled",
]
