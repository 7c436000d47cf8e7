"""What an untrained DnCNN does to a noisy picture x: y and x - y, by depth and initialisation.

    python experiments/dncnn_family/initialisation.py

writes `initialisation.png` beside this file. Seed 002 draws D = 0, 1, 2, 4, 8 under PyTorch's own initialisation and
under its own (`he_gain`). Batch norm uses the picture's own statistics, as in the first training step.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import torch
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.degradations import Gaussian
from denoiselab.io import read_picture
from denoiselab.networks import DnCNN
from denoiselab.networks.blocks import Init
from denoiselab.streams import Streams
from denoiselab.units import to_float

DEPTHS = (0, 1, 2, 4, 8)
SIDE = 128


def noisy_picture() -> Tensor:
    """The middle of chelsea with sigma 30, `(1, 3, 128, 128)`."""
    folder = Path(str(find_spec("skimage").origin)).parent / "data"
    clean = to_float(torch.from_numpy(read_picture(folder / "chelsea.png").pixels)).permute(2, 0, 1)[None]
    middle = clean[..., 80 : 80 + SIDE, 130 : 130 + SIDE]
    return Gaussian(sigma=30, clip=False)(middle, Streams([0])).value


def untrained(depth: int, init: Init, x: Tensor) -> Tensor:
    """The output of a network that was never trained."""
    torch.manual_seed(0)
    with torch.no_grad():
        return DnCNN(in_channels=3, out_channels=3, depth=depth, num_features=64, init=init).train()(x)


def shown(picture: Tensor) -> Tensor:
    """`(1, 3, H, W)` -> `(H, W, 3)` in [0, 1]."""
    return picture[0].permute(1, 2, 0).clamp(0, 1)


def main() -> None:
    """Two rows of pictures for each initialisation, a column for each depth."""
    x = noisy_picture()
    inits = get_args(Init)
    figure = Figure(figsize=(1.55 * (len(DEPTHS) + 1), 3.3 * len(inits)), layout="constrained")
    axes = figure.subplots(2 * len(inits), len(DEPTHS) + 1)
    for axis in axes.flat:
        axis.set_axis_off()
    for i, init in enumerate(inits):
        axes[2 * i, 0].imshow(shown(x))
        axes[2 * i, 0].set_title(f"{init}\nx", fontsize=9)
        for j, depth in enumerate(DEPTHS, 1):
            y = untrained(depth, init, x)
            std = (x - y).std()
            axes[2 * i, j].imshow(shown(y))
            axes[2 * i, j].set_title(f"D = {depth}\ny", fontsize=9)
            axes[2 * i + 1, j].imshow(shown(0.5 + (x - y)))
            axes[2 * i + 1, j].set_title(f"x - y, std {std:.2g}", fontsize=9)
    figure.savefig(Path(__file__).with_name("initialisation.png"), dpi=75)


if __name__ == "__main__":
    main()
