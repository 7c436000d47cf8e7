"""What a denoiser under the squared error answers, beside the posterior it averages: points, and digits.

    python experiments/posterior_mean/figure.py RUN RUN_OF_DIGITS

draws `posterior_mean.png` (points: the answers everywhere, and one noisy point in the opening with the X whose noisy
version came next to it) and `digits.png` (the same for digits of which few pixels are known), and writes to
`errors.csv` how far the network is from the posterior mean.
"""

import sys
from pathlib import Path

import torch
import yaml
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.data import Data
from denoiselab.methods import Method
from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint
from denoiselab.report.tables import Table
from denoiselab.streams import Streams

HERE = Path(__file__).parent
RED, GREEN, BLUE, GRAY = "#d1622b", "#2a9d3f", "#1f6fb2", "#bbbbbb"
NEAR = 0.01
"""How near a noisy point has to come to the one in question, for its X to be a sample of the posterior."""
TOLERANCE = 0.25
"""How far known pixels may differ: the standard deviation in the weights of like digits."""
DIGITS, LIKE = 4, 6
"""Rows of the second figure, and how many samples of the posterior each shows."""


def opened(run: str) -> tuple[Method, Data]:
    """A trained method, and the data it was trained for, read."""
    method, config = load_method(read_checkpoint(find_checkpoint(run)), trust=False)
    supervision = yaml.safe_load((HERE.parents[1] / "conf/supervision/clean.yaml").read_text())
    data = make_data({**config, "supervision": supervision}, trust=False)
    data.setup()
    return method, data


def answer(method: Method, observation: Observation) -> Tensor:
    """What the network makes of an observation."""
    with torch.no_grad():
        return method.restore(observation).mean


def posterior_mean(noisy: Tensor, cloud: Tensor, std: float) -> Tensor:
    """E[X | noisy] for points `(n, 2)`, every point of the cloud as likely as any other."""
    nearness = -torch.cdist(noisy, cloud).square() / (2 * std**2)
    return nearness.softmax(1) @ cloud


def draw_points(method: Method, data: Data) -> None:
    """The data, the answers on a grid, and the posterior of one point in the opening."""
    std, cloud = data.degradation.std.low, data.stores["train"].layers["clean"]
    noisy = cloud + std * Streams(["shown"]).normal(*cloud.shape)[0]
    figure = Figure(figsize=(13, 4.4), layout="constrained")
    axes = figure.subplots(1, 3)
    for axis in axes:
        axis.scatter(*cloud.T, s=2, color=GRAY)
        axis.set(aspect="equal", xlim=(-0.85, 0.95), ylim=(-0.85, 0.85))
    axes[0].scatter(*noisy.T, s=2, color=BLUE)
    axes[0].set_title("data (gray), noisy (blue)")
    grid = torch.cartesian_prod(*[torch.linspace(-0.75, 0.75, 16)] * 2)
    moved = answer(method, Observation(grid))
    axes[1].quiver(*grid.T, *(moved - grid).T, angles="xy", scale_units="xy", scale=1, width=0.003)
    axes[1].scatter(*moved.T, s=6, color=GREEN)
    axes[1].set_title("noisy → restored by the network")
    asked = torch.tensor([[0.47, 0.0]])
    many = cloud.repeat(1000, 1)
    close = (many + std * Streams(["pairs"]).normal(*many.shape)[0] - asked).norm(dim=1) < NEAR
    mean, found = many[close].mean(0), answer(method, Observation(asked))[0]
    axes[2].scatter(*many[close].T, s=8, color=RED, label=f"X whose noisy version came near: {int(close.sum())}")
    axes[2].scatter(*asked.T, s=60, color=BLUE, label="noisy")
    axes[2].scatter(*mean, s=60, color=GREEN, label="mean of the X")
    axes[2].scatter(*found, s=60, color="black", marker="x", label="restored by the network")
    axes[2].set(xlim=(0.0, 0.6), ylim=(-0.3, 0.3), title="in the opening, where no data is")
    axes[2].legend(fontsize=8, loc="center left")
    figure.savefig(HERE / "posterior_mean.png", dpi=90)


def report_points(method: Method, data: Data) -> None:
    """Write mean squared errors on the test points: of the network, of the best answer, and between the two."""
    std, clean = data.degradation.std.low, data.stores["test"].layers["clean"]
    noisy = clean + std * Streams(["test"]).normal(*clean.shape)[0]
    best, found = posterior_mean(noisy, data.stores["train"].layers["clean"], std), answer(method, Observation(noisy))
    errors = {
        "noisy": noisy - clean,
        "network": found - clean,
        "posterior mean": best - clean,
        "network against the posterior mean": found - best,
    }
    rows = [{"points": name, "mean squared error": float(off.square().mean())} for name, off in errors.items()]
    Table(list(rows[0]), rows).to_csv(HERE / "errors.csv")


def draw_digits(method: Method, data: Data) -> None:
    """Test digits of which few pixels are known: like digits by their weights, their mean, and the network's answer."""
    batch = data.measured_batch("test", range(DIGITS), "cpu", lambda picture, _: picture)
    restored = answer(method, batch.observation)
    train = data.stores["train"]
    known = train.layers["clean"].view(len(train), -1).float() / 255
    side = batch.clean.shape[-1]
    figure = Figure(figsize=(1.25 * (LIKE + 4), 1.35 * DIGITS), layout="constrained")
    axes = figure.subplots(DIGITS, LIKE + 4)
    for i, row in enumerate(axes):
        mask, value = batch.observation.mask[i].flatten(), batch.observation.value[i].flatten()
        weights = (-((known - value) * mask).square().sum(1) / (2 * TOLERANCE**2)).softmax(0)
        generator = torch.Generator().manual_seed(i)
        like = known[torch.multinomial(weights, LIKE, replacement=True, generator=generator)]
        shown = [batch.clean[i], batch.observation.value[i], *like, weights @ known, restored[i]]
        effective = float(1 / weights.square().sum())
        titles = ["clean", "noisy", *[f"like {k + 1}" for k in range(LIKE)], f"mean of {effective:.0f}", "network"]
        for axis, picture, title in zip(row, shown, titles, strict=True):
            axis.imshow(picture.view(side, side), cmap="gray", vmin=0, vmax=1)
            axis.set_title(title, fontsize=8)
            axis.set_axis_off()
    figure.savefig(HERE / "digits.png", dpi=90)


def main(points: str, digits: str) -> None:
    """Both figures."""
    method, data = opened(points)
    report_points(method, data)
    draw_points(method, data)
    draw_digits(*opened(digits))


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)
