"""What the units of a first layer look at: their weights as pictures.

    python experiments/stacked_dae/filters.py RUN_OF_AN_SAE RUN_OF_AN_SDAE ...

draws `filters.png`: 100 units of each run, each on its own scale.
"""

import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint

HERE = Path(__file__).parent
ROWS = 10


def tiles(weights: Tensor, side: int) -> Tensor:
    """`(units, side²)` -> a sheet of `ROWS²` of them, each from 0 to 1, white between."""
    low, high = weights.amin(1, keepdim=True), weights.amax(1, keepdim=True)
    shown = ((weights - low) / (high - low))[: ROWS**2].view(ROWS, ROWS, side, side)
    framed = torch.nn.functional.pad(shown, (1, 1, 1, 1), value=1.0)
    return framed.transpose(1, 2).reshape(ROWS * (side + 2), -1)


def main(*runs: str) -> None:
    """A sheet for each run, side by side."""
    figure = Figure(figsize=(5 * len(runs), 5.3), layout="constrained")
    for axis, run in zip(figure.subplots(1, len(runs), squeeze=False)[0], runs, strict=True):
        method, config = load_method(read_checkpoint(find_checkpoint(run, "last.ckpt")), trust=False)
        axis.imshow(tiles(method.network.layers[0].weight, method.network.shape[1]), cmap="gray")
        axis.set_title(f"{config['data'].get('variant', 'mnist')}, {config['noise']['p']:.0%} erased")
        axis.set_axis_off()
    figure.savefig(HERE / "filters.png", dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:])
