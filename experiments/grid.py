"""Original, corrupted and reconstructed pictures of several runs, as the lectures show them.

    python experiments/grid.py FILE RUN ...

draws a sheet for each run, two side by side: the first test pictures, the same for all runs; above what was made of the
corrupted ones, below of the originals themselves where the noise can be left out (it has a sigma).
"""

import sys
from pathlib import Path
from typing import Any

import torch
import yaml
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint

SHOWN = 12


def sheet(run: Path) -> tuple[Tensor, str]:
    """`(rows·side, SHOWN·side)`: original, corrupted and reconstructed pictures; and what was done to them."""
    method, config = load_method(read_checkpoint(find_checkpoint(str(run))), trust=False)
    data: Any = make_data(config, trust=False)
    data.setup("test")
    batch = data.measured_batch("test", range(SHOWN), "cpu", lambda picture, _: picture)
    shown = [batch.clean, batch.input, method.restore(batch.observation).mean]
    if "sigma" in config["noise"]:
        shown.append(method.restore(Observation(batch.clean)).mean)
    psnr = yaml.safe_load((run / "summary.yaml").read_text(encoding="utf-8"))["PSNR dB"]
    rows = [torch.cat(list(pictures[:, 0]), 1) for pictures in shown]
    return torch.cat(rows).clamp(0, 1), f"{data.test_degradation.describe()}: {psnr:.2f} dB"


def main(file: Path, *runs: Path) -> None:
    """Draw the sheets."""
    with torch.no_grad():
        sheets = [sheet(run) for run in runs]
    high = max(len(picture) / picture.shape[1] for picture, _ in sheets)
    lines = (len(sheets) + 1) // 2
    figure = Figure(figsize=(13, (6.3 * high + 0.3) * lines), layout="constrained")
    axes = figure.subplots(lines, 2, squeeze=False).flatten()
    for axis in axes:
        axis.set_axis_off()
    for axis, (picture, title) in zip(axes, sheets, strict=False):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=10)
    figure.savefig(file, dpi=80)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:])) if len(sys.argv) > 2 else sys.exit(__doc__)
