"""A checkpoint on a test set under a protocol: the table, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from denoiselab.config import build
from denoiselab.errors import UserError
from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import load_method
from denoiselab.metrics import Scores
from denoiselab.networks import signature_of
from denoiselab.report.evaluation import Restored, Restorer, evaluate
from denoiselab.report.results import SHOWN, means, side_by_side, write_results
from denoiselab.report.sweeps import figures_of, write_figures
from denoiselab.report.tables import Table
from denoiselab.restore.classical import classical_baselines


@dataclass(frozen=True)
class Measurement:
    """What is measured, on what, and where the result goes.

    content: a checkpoint's plain content.
    config: the data, noise, protocol and seed of the test; the rest is not used.
    everything: the data is not what the run was trained on, so all of its pictures are test pictures.
    """

    content: Mapping[str, Any]
    config: Mapping[str, Any]
    folder: Path
    everything: bool = False
    baselines: bool = True
    trust: bool = False


def measure(job: Measurement) -> tuple[Table, Table]:
    """Noisy input, classical baselines and the network on every test picture: means, and picture by picture.

    Raises:
        UserError: no test pictures, no clean ones, or channels that the network does not take.
    """
    config = {**job.config, "supervision": {"_target_": "denoiselab.supervision.Clean"}}
    method, _ = load_method(dict(job.content), trust=job.trust)
    data = make_data(config, trust=job.trust)
    wanted = signature_of(method.network).in_channels
    if wanted not in (None, data.channels):
        raise UserError(f"data.channels={data.channels}: the network takes {wanted}")
    if job.everything:
        data.take_all()
    data.setup("test")
    if "test" not in data.stores:
        raise UserError("data: no test pictures here: name a test set, data=… data.root=…")
    scores = Scores(build(config["protocol"], "protocol", trust=job.trust), data.domain)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    name = type(method.network).__name__
    restorers: dict[str, Restorer] = {name: method.to(device)}
    if job.baselines:
        restorers = {baseline.name: baseline for baseline in classical_baselines()} | restorers
    restored = [
        one if i < SHOWN else one.without_pictures()
        for i, one in enumerate(shown_progress(evaluate(data, scores, restorers, device), len(data.stores["test"])))
    ]
    write_figures(job.folder, figures_of(method, scores, name))
    for note in data.notes:
        print(f"note      {note}")
    title = f"{len(restored)} test pictures, {data.degradation.describe()}; {scores.describe()}"
    write_results(restored, scores, job.folder, title, name)
    return means(scores, title), side_by_side(restored, scores)


def shown_progress(restored: Iterator[Restored], total: int) -> Iterable[Restored]:
    """The same, with a bar on a terminal while it lasts."""
    from rich.console import Console
    from rich.progress import track

    return track(restored, "measuring", total, console=Console(stderr=True), transient=True)
