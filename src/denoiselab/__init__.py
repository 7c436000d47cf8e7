"""denoiselab: an experiment framework for image denoising on PyTorch Lightning and Hydra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from denoiselab.restore.arrays import ArrayDenoiser, ByChannels

__version__ = "0.1.0"


def load(
    ckpt: str | Path = "builtin", *, device: str = "auto", precision: str = "auto", trust: bool = False
) -> ArrayDenoiser | ByChannels:
    """A trained denoiser as a function of NumPy arrays and tensors; see `restore.ArrayDenoiser`.

    ckpt: a run folder, a checkpoint file, or a network that comes with the package: builtin/gray and builtin/rgb for
        white noise, builtin for that of these two which fits the picture, builtin/camera for developed photographs.
    device: where it computes, e.g. cpu, cuda, cuda:1; auto is the GPU where there is one.
    precision: auto (bfloat16 where it is fast and 8 bits show no difference), bf16-mixed or 32-true.
    trust: whether a checkpoint may name code of its own, to be run.
    """
    from denoiselab.restore.arrays import load

    return load(ckpt, device=device, precision=precision, trust=trust)
