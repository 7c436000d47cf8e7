"""What the units of a first layer look at: their weights as pictures.

    python experiments/stacked_dae/filters.py FIGURE.png RUN RUN ...

draws 100 units of each run into a figure, each unit on its own scale, mid-gray for 0.
"""

import sys
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from denoiselab.config import build
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint

ROWS = 10


def weights(network: Any) -> Tensor:
    """The filters of the first layer `(units, height, width)`."""
    first: nn.Module = network.layers[0] if hasattr(network, "layers") else network
    return first.weight.detach().unflatten(1, network.shape)[:, 0]


def tiles(filters: Tensor) -> Tensor:
    """`(units, height, width)` -> a sheet of `ROWS²` of them, 0 at 0.5, white between."""
    shown = filters[: ROWS**2] / filters[: ROWS**2].abs().amax((1, 2), keepdim=True)
    framed = torch.nn.functional.pad((1 + shown) / 2, (1, 1, 1, 1), value=1.0)
    rows = framed.unflatten(0, (ROWS, -1))
    return torch.cat([torch.cat(list(row), 1) for row in rows])


def title(config: dict[str, Any]) -> str:
    """What was learnt from, and the corruption."""
    data = config["data"].get("variant") or config["data"]["_target_"].rpartition(".")[2].lower()
    decay = config["optimizer"].get("weight_decay")
    said = f"weight decay {decay:g}" if decay else build(config["noise"], "noise", trust=False).describe()
    return f"{data}: {said}"


def main(file: str, *runs: str) -> None:
    """A sheet for each run, side by side."""
    figure = Figure(figsize=(4.2 * len(runs), 4.5), layout="constrained")
    for axis, run in zip(figure.subplots(1, len(runs), squeeze=False)[0], runs, strict=True):
        method, config = load_method(read_checkpoint(find_checkpoint(run, "last.ckpt")), trust=False)
        axis.imshow(tiles(weights(method.network)), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axis.set_title(title(dict(config)), fontsize=10)
        axis.set_axis_off()
    figure.savefig(file, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 2 else sys.exit(__doc__)
