"""Original, corrupted and reconstructed digits of every corruption, as the lecture shows them.

    python experiments/dae_mnist/grid.py FOLDER

reads the runs below a folder and draws `grid.png` beside this file: the first test digits, the same for all runs.
"""

import sys
from pathlib import Path

import torch
import yaml
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint

HERE = Path(__file__).parent
RUNS = ("erased_50", "erased_90", "blurred_2", "blurred_4", "block_10", "block_16")
DIGITS = 12


def sheet(run: Path) -> tuple[Tensor, str]:
    """`(3·side, DIGITS·side)`: original, corrupted and reconstructed digits; and what was done to them."""
    method, config = load_method(read_checkpoint(find_checkpoint(str(run))), trust=False)
    data = make_data(config, trust=False)
    data.setup("test")
    batch = data.measured_batch("test", range(DIGITS), "cpu", lambda picture, _: picture)
    with torch.no_grad():
        restored = method.restore(batch.observation).mean
    rows = [torch.cat(list(pictures[:, 0]), 1) for pictures in (batch.clean, batch.input, restored)]
    psnr = yaml.safe_load((run / "summary.yaml").read_text(encoding="utf-8"))["PSNR dB"]
    return torch.cat(rows).clamp(0, 1), f"{data.test_degradation.describe()}: {psnr:.2f} dB"


def main(folder: Path) -> None:
    """A sheet for each run that is there, two side by side."""
    there = [folder / name for name in RUNS if (folder / name / "summary.yaml").is_file()]
    figure = Figure(figsize=(13, 1.85 * ((len(there) + 1) // 2)), layout="constrained")
    axes = figure.subplots((len(there) + 1) // 2, 2, squeeze=False).flatten()
    for axis in axes:
        axis.set_axis_off()
    for axis, run in zip(axes, there, strict=False):
        picture, title = sheet(run)
        axis.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=10)
    figure.savefig(HERE / "grid.png", dpi=80)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
