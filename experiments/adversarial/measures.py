"""Whether the samples of a method are draws of the posterior.

    python experiments/adversarial/measures.py RUN_OF_THE_MEAN RUN_OF_A_CLASSIFIER RUN_OF_SAMPLES ...

takes 32 samples of each of 500 test digits by each run and writes to `measures.csv`: PSNR of their mean beside that of
the denoiser by squared error; their spread beside the error that their mean really makes; sharpness beside clean
digits'; and how far the classes of the samples are from the posterior's, which is taken by retrieval: every training
digit counts by the likelihood of what was seen. Draws each run's samples, `NAME.png`.
"""

import sys
from pathlib import Path
from typing import Any

import torch
import yaml
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.batch import Observation
from denoiselab.methods import Method
from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint
from denoiselab.metrics import psnr
from denoiselab.report.tables import Table

HERE = Path(__file__).parent
DIGITS, SAMPLES, CLASSES, SHOWN = 500, 32, 10, 6
TOLERANCE = 0.25
"""The standard deviation by which a seen pixel of another digit may differ, in its likelihood."""


def opened(run: str) -> tuple[Method, dict]:
    """A trained method and its configuration."""
    method, config = load_method(read_checkpoint(find_checkpoint(run)), trust=False)
    return method, dict(config)


def energy(pictures: Tensor) -> float:
    """Mean square of the differences between neighbours: how sharp `(..., H, W)` is."""
    down, across = pictures.diff(dim=-2), pictures.diff(dim=-1)
    return float(down.square().mean() + across.square().mean())


def likelihood(seen: Observation, known: Tensor, lost: float) -> Tensor:
    """Log-likelihood of each observation `(N, n)` for every digit `(M, n)`: `(N, M)`.

    A black pixel was either lost or is black; another one was seen as it is, within the tolerance.
    """
    value, shown = seen.value.flatten(1), (seen.value.flatten(1) > 0).float()
    black = torch.where(known > 0, torch.tensor(lost).log(), torch.tensor(0.0))
    off = (shown * value.square()) @ torch.ones_like(known).T - 2 * (shown * value) @ known.T + shown @ known.square().T
    return (1 - shown) @ black.T - off / (2 * TOLERANCE**2)


def distance(one: Tensor, other: Tensor) -> float:
    """Mean total variation between distributions `(N, classes)`."""
    return float((one - other).abs().sum(1).mean() / 2)


def classes_of(classifier: Method, pictures: Tensor) -> Tensor:
    """The class of each picture: `(N,)`."""
    return torch.cat([classifier.restore(Observation(part)).mean.argmax(1) for part in pictures.split(2000)])


def frequencies(classes: Tensor) -> Tensor:
    """Classes `(S, N)` -> how often each was drawn `(N, CLASSES)`."""
    return torch.nn.functional.one_hot(classes, CLASSES).float().mean(0)


def draw(batch: Any, answer: Tensor, samples: Tensor, file: Path) -> None:
    """A row for each digit: clean, seen, the squared error's answer, the samples' mean, and samples."""
    figure = Figure(figsize=(1.1 * 12, 1.2 * SHOWN), layout="constrained")
    axes = figure.subplots(SHOWN, 12)
    for i, row in enumerate(axes):
        shown = [batch.clean[i], batch.input[i], answer[i], samples[:, i].mean(0), *samples[:8, i]]
        titles = ["clean", "seen", "L2", f"mean of {SAMPLES}", *[f"sample {k + 1}" for k in range(8)]]
        for axis, picture, title in zip(row, shown, titles, strict=True):
            axis.imshow(picture[0], cmap="gray", vmin=0, vmax=1)
            axis.set_axis_off()
            if i == 0:
                axis.set_title(title, fontsize=9)
    figure.savefig(file, dpi=90)


@torch.no_grad()
def main(l2: str, judge: str, *runs: str) -> None:
    """Measure, write, draw."""
    (mean_of, config), (classifier, _) = opened(l2), opened(judge)
    supervision = yaml.safe_load((HERE.parents[1] / "conf/supervision/clean.yaml").read_text())
    data: Any = make_data({**config, "supervision": supervision}, trust=False)
    data.setup()
    batch = data.measured_batch("test", range(DIGITS), "cpu", lambda picture, _: picture)
    clean: Tensor = batch.clean
    truth, posterior = data.stores["test"].labels[:DIGITS], posterior_of(batch.observation, data)
    answer = mean_of.restore(batch.observation).mean.clamp(0, 1)
    columns = dict[str, dict[str, float | None]]()
    for run in runs:
        samples = opened(run)[0].restore(batch.observation, SAMPLES).samples
        assert samples is not None
        found = classes_of(classifier, samples.clamp(0, 1).flatten(0, 1)).view(SAMPLES, -1)
        columns[Path(run).name] = measured(samples.clamp(0, 1), clean, found, truth, posterior)
        draw(batch, answer, samples.clamp(0, 1), HERE / f"{Path(run).name}.png")
    alone = measured(answer[None], clean, classes_of(classifier, answer)[None], truth, posterior)
    columns["squared error"] = {**alone, "spread (variance)": None, "PSNR of one, dB": None}
    columns["to compare with"] = {
        "gradient energy": energy(clean),
        "classes, total variation to the posterior": distance(redrawn(posterior), posterior),
        "classes that are right, part": float((posterior.argmax(1) == truth).float().mean()),
    }
    rows = [
        {"measure": name, **{who: figures.get(name) for who, figures in columns.items()}, "which is": WHICH.get(name)}
        for name in alone
    ]
    Table(list(rows[0]), rows).to_csv(HERE / "measures.csv")


WHICH = {
    "gradient energy": "clean digits",
    "classes, total variation to the posterior": f"{SAMPLES} draws of the posterior itself",
    "classes that are right, part": "the posterior's most probable class",
}


def measured(
    samples: Tensor, clean: Tensor, found: Tensor, truth: Tensor, posterior: Tensor
) -> dict[str, float | None]:
    """What samples `(S, N, C, H, W)` of the classes found `(S, N)` come to, by the posterior's `(N, CLASSES)`."""
    mean = samples.mean(0)
    return {
        "PSNR of their mean, dB": float(psnr(mean, clean).mean()),
        "PSNR of one, dB": float(psnr(samples[0], clean).mean()),
        "spread (variance)": float(samples.var(0, correction=len(samples) > 1).mean()),
        "squared error of their mean": float((mean - clean).square().mean()),
        "gradient energy": energy(samples),
        "classes, total variation to the posterior": distance(frequencies(found), posterior),
        "classes that are right, part": float((found == truth).float().mean()),
    }


def posterior_of(seen: Observation, data: Any) -> Tensor:
    """The classes' probabilities `(N, CLASSES)`: every training digit counts by the likelihood of what was seen."""
    train = data.stores["train"]
    known = train.layers["clean"].view(len(train), -1).float() / 255
    weights = likelihood(seen, known, data.degradation.p.low).softmax(1)
    return weights @ torch.nn.functional.one_hot(train.labels, CLASSES).float()


def redrawn(posterior: Tensor) -> Tensor:
    """The frequencies of as many draws of the posterior as there are samples."""
    generator = torch.Generator().manual_seed(0)
    return frequencies(torch.multinomial(posterior, SAMPLES, replacement=True, generator=generator).T)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 3 else sys.exit(__doc__)
