"""Whether the samples of a conditional GAN are draws of the posterior.

    python experiments/adversarial/measures.py RUN RUN_OF_THE_MEAN RUN_OF_A_CLASSIFIER

takes 32 samples of each of 500 test digits and writes to `measures.csv`: PSNR of their mean beside that of the
denoiser by squared error; their spread beside the error that their mean really makes; sharpness beside clean digits;
and how far the classes of the samples are from the posterior's, which is taken by retrieval: every training digit
counts by the likelihood of what was seen. Draws `samples.png`.
"""

import sys
from pathlib import Path
from typing import Any

import torch
import yaml
from matplotlib.figure import Figure
from torch import Tensor

from denoiselab.batch import Batch, Observation
from denoiselab.data import Data
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


def draw(batch: Batch, mean: Tensor, samples: Tensor) -> None:
    """A row for each digit: clean, seen, the squared error's answer, the samples' mean, and samples."""
    figure = Figure(figsize=(1.1 * 12, 1.2 * SHOWN), layout="constrained")
    axes = figure.subplots(SHOWN, 12)
    for i, row in enumerate(axes):
        shown = [batch.clean[i], batch.input[i], mean[i], samples[:, i].mean(0), *samples[:8, i]]
        titles = ["clean", "seen", "L2", "mean of 32", *[f"sample {k + 1}" for k in range(8)]]
        for axis, picture, title in zip(row, shown, titles, strict=True):
            axis.imshow(picture[0], cmap="gray", vmin=0, vmax=1)
            axis.set_axis_off()
            if i == 0:
                axis.set_title(title, fontsize=9)
    figure.savefig(HERE / "samples.png", dpi=90)


def main(gan: str, l2: str, judge: str) -> None:
    """Measure, write, draw."""
    (sampler, config), (mean_of, _), (classifier, _) = opened(gan), opened(l2), opened(judge)
    clean = yaml.safe_load((HERE.parents[1] / "conf/supervision/clean.yaml").read_text())
    data = make_data({**config, "supervision": clean}, trust=False)
    data.setup()
    batch = data.measured_batch("test", range(DIGITS), "cpu", lambda picture, _: picture)
    with torch.no_grad():
        drawn, answer = sampler.restore(batch.observation, SAMPLES), mean_of.restore(batch.observation).mean.clamp(0, 1)
        samples = drawn.samples.clamp(0, 1)
        found = classes_of(classifier, samples.flatten(0, 1)).view(SAMPLES, -1)
        blurred = classes_of(classifier, answer)
    truth, posterior = data.stores["test"].labels[:DIGITS], posterior_of(batch.observation, data)
    rows = [*of_pictures(batch.clean, samples, answer), *of_classes(found, blurred, truth, posterior)]
    Table(list(rows[0]), rows).to_csv(HERE / "measures.csv")
    draw(batch, answer, samples)


def line(name: str, samples: float, answer: float | None, other: float | None, what: str) -> dict[str, Any]:
    """A line of the table; other, what: a figure to compare with, and what it is."""
    figures = {"samples": samples, "answer of the squared error": answer, "to compare with": other}
    return {"measure": name, **{key: value and round(value, 4) for key, value in figures.items()}, "which is": what}


def of_pictures(clean: Tensor, samples: Tensor, answer: Tensor) -> list[dict[str, Any]]:
    """Error, spread and sharpness of samples `(S, N, C, H, W)`."""
    mean = samples.mean(0)
    by_mean, by_one, by_answer = (float(psnr(picture, clean).mean()) for picture in (mean, samples[0], answer))
    spread, error = float(samples.var(0).mean()), float((mean - clean).square().mean())
    return [
        line("PSNR of their mean, dB", by_mean, by_answer, by_one, "one sample"),
        line("spread (variance)", spread, None, error, "the squared error of their mean"),
        line("gradient energy", energy(samples), energy(answer), energy(clean), "clean digits"),
    ]


def of_classes(found: Tensor, blurred: Tensor, truth: Tensor, posterior: Tensor) -> list[dict[str, Any]]:
    """How far the classes of samples `(S, N)` are from the posterior `(N, CLASSES)`, and how often they are right."""
    distances = (
        distance(each, posterior) for each in (frequencies(found), frequencies(blurred[None]), redrawn(posterior))
    )
    hits = (float((each == truth).float().mean()) for each in (found, blurred, posterior.argmax(1)))
    return [
        line("classes, total variation to the posterior", *distances, f"{SAMPLES} draws of the posterior itself"),
        line("classes that are right, part", *hits, "the posterior's most probable class"),
    ]


def posterior_of(seen: Observation, data: Data) -> Tensor:
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
    main(*sys.argv[1:])
