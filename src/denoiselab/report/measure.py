"""A checkpoint, or anything else that restores, on a test set under a protocol: the tables, and their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.config import build
from denoiselab.data import Data
from denoiselab.domains import ERROR, PSNR
from denoiselab.errors import UserError
from denoiselab.methods import Method
from denoiselab.methods.assembly import input_channels, make_data
from denoiselab.methods.checkpoint import load_method
from denoiselab.metrics import Scores
from denoiselab.report.classes import answers, confusion, errors_table, write_answers
from denoiselab.report.points import errors_of, means_of, spread_of, write_errors
from denoiselab.report.results import (
    SHOWN,
    TWINS,
    Restored,
    below_input,
    figures_of,
    many,
    means,
    side_by_side,
    write_figures,
    write_results,
)
from denoiselab.report.tables import Table
from denoiselab.report.twins import near_twins
from denoiselab.report.twins import warning as near_warning
from denoiselab.restore import Restorer, classical_baselines, prepare, restore_observation

CLEAN = {"_target_": "denoiselab.supervision.Clean"}
"""By what a run is measured, whatever it learnt from; but one that learnt labels by labels."""


@dataclass(frozen=True)
class Measurement:
    """What is measured, on what, and where the result goes.

    content: a checkpoint's plain content.
    config: the data, noise, protocol, method and seed of the test, and the supervision, which says whether classes are
        asked for (weights alone have none); the rest is not used.
    everything: the data is not what the run was trained on, so all of its pictures are test pictures.
    limit: measure the first so many chunks of the test set (of pictures: one each); None: all.
    said: notes on the data that a person has read already.
    """

    content: Mapping[str, Any]
    config: Mapping[str, Any]
    folder: Path
    everything: bool = False
    baselines: bool = True
    limit: int | None = None
    trust: bool = False
    said: Sequence[str] = ()

    @property
    def step(self) -> int:
        """How many steps the checkpoint was trained for."""
        return int(self.content.get("global_step", 0))


def measure(job: Measurement) -> tuple[Table, Table]:
    """What a checkpoint comes to on every test picture: means, and more closely.

    Raises:
        UserError: no test pictures, no clean ones, channels that the network does not take, or nothing to measure.
    """
    method, _ = load_method(dict(job.content), trust=job.trust, method=job.config["method"])
    data = read_test(job.config, {method.in_channels}, everything=job.everything, trust=job.trust)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    parameters = sum(p.numel() for p in method.parameters())
    prepare(method, device)
    if data.domain.figure == PSNR:
        return measure_pictures(job, data, method, parameters, device)
    if data.domain.figure == ERROR:
        return measure_classes(job, data, method, parameters, device)
    return measure_points(job, data, method, parameters, device)


def measure_classes(
    job: Measurement, data: Data, method: Method, parameters: int, device: torch.device
) -> tuple[Table, Table]:
    """The rate of errors, and what each class is taken for."""
    chunks = data.chunks("test")[: job.limit]
    found = list(answers(method, data, chunks, device))
    errors = errors_table(found, type(method.network).__name__)
    write_answers(found, errors, parameters, job.step, job.folder)
    return errors, confusion(found)


def measure_points(
    job: Measurement, data: Data, method: Method, parameters: int, device: torch.device
) -> tuple[Table, Table]:
    """The squared error as observed and as restored: the means, and how it is spread."""
    errors = errors_of(method, data, data.chunks("test")[: job.limit], device, type(method.network).__name__)
    write_errors(errors, parameters, job.step, job.folder)
    return means_of(errors), spread_of(errors)


def measure_pictures(
    job: Measurement, data: Data, method: Method, parameters: int, device: torch.device
) -> tuple[Table, Table]:
    """Noisy input, classical baselines and the network: the means, and picture by picture.

    Raises:
        UserError: no clean pictures.
    """
    if "clean" not in data.stores["test"].layers:
        raise UserError(
            "data: no clean pictures to measure by: name a set that has some, data=… data.root=…; report.py estimates"
        )
    scores = Scores(build(job.config["protocol"], "protocol", trust=job.trust), data.domain)
    name = type(method.network).__name__
    restorers: dict[str, Restorer] = {name: method}
    if job.baselines:
        baselines = classical_baselines(data.test_degradation, data.domain)
        restorers = {baseline.name: baseline for baseline in baselines} | restorers
    chunks = data.chunks("test")[: job.limit]
    total = sum(map(len, chunks))
    results = shown_progress(evaluate(data, chunks, scores, restorers, device), total)
    print(f"measuring {many(total, 'test picture')}: {', '.join(restorers)}", flush=True)
    restored = [one.centres(i < SHOWN) for i, one in enumerate(results)]
    near = near_twins(job.content, data)
    for note in (note for note in data.notes if note not in job.said):
        print(f"note      {note}")
    if warning := trained_on(job.content, data):
        print(warning)
    elif near:
        print(near_warning(near))
    if warning := below_input(scores, name):
        print(warning)
    title = f"{many(len(restored), 'test picture')}, {data.test_degradation.describe()}; {scores.describe()}"
    write_results(restored, scores, job.folder, title, name)
    facts = {"step": job.step, TWINS: near}
    write_figures(job.folder, figures_of(method, scores, name, parameters) | facts)
    return means(scores, title), side_by_side(restored, scores)


def read_test(config: Mapping[str, Any], wanted: Set[int | None], *, everything: bool, trust: bool) -> Data:
    """The test pictures of a measurement, read.

    wanted: the channels that the networks take; None of one that isn't particular.
    everything: the set has no test part of its own, so all of its pictures are taken.

    Raises:
        UserError: no pictures, no clean ones, or other channels.
    """
    own = config.get("supervision", CLEAN)
    asks = build(own, "supervision", trust=trust).domain
    data = make_data({**config, "supervision": own if asks else CLEAN}, trust=trust)
    given = input_channels(config["data"])
    if given is not None and (others := wanted - {None, given}):
        raise UserError(f"data.channels={data.channels}: the network takes {min(map(str, others))}, not {given}")
    if everything:
        data.take_all()
    data.setup("test")
    if "test" not in data.stores:
        raise UserError("data: no test pictures here: name a test set, data=… data.root=…")
    return data


def trained_on(content: Mapping[str, Any], data: Data, most: int | None = 3) -> str:
    """A line that names so many test pictures which the checkpoint was trained on; empty if there are none.

    By their content.
    A twin that was cropped, re-encoded or converted to other channels is `twins.near_twins`'.
    """
    known, store = set(content["denoiselab"].get("trained_on", [])), data.stores["test"]
    names = [name for name, key in zip(store.names, store.keys, strict=True) if key in known]
    if not names:
        return ""
    said = ", ".join([*names[:most], "…"] if most is not None and len(names) > most else names)
    return f"WARNING   {len(names)} of {len(store)} test pictures were trained on ({said}): their figures mean nothing"


def shown_progress(restored: Iterator[Restored], total: int) -> Iterable[Restored]:
    """The same, with a bar on a terminal while it lasts."""
    from rich.console import Console
    from rich.progress import track

    return track(restored, "measuring", total, console=Console(stderr=True), transient=True)


def evaluate(
    data: Data,
    chunks: Iterable[list[int]],
    scores: Scores,
    restorers: Mapping[str, Restorer],
    device: torch.device | str,
) -> Iterator[Restored]:
    """Restore the test pictures of these numbers by every restorer; the noisy input is measured as `noisy`.

    Each picture's crop and noise depend on the seed and the picture only. Figures collect in `scores`.
    """
    for numbers in chunks:
        yield from measured(data, numbers, scores, restorers, device)


def measured(
    data: Data, numbers: list[int], scores: Scores, restorers: Mapping[str, Restorer], device: torch.device | str
) -> Iterator[Restored]:
    """Test pictures that go together, restored at once and measured each for itself."""
    store, seed, protocol = data.stores["test"], data.seed, scores.protocol

    def cut(picture: Tensor, i: int) -> Tensor:
        return protocol.cropped(picture, seed, store.keys[i], store.names[i])

    batch = data.measured_batch("test", numbers, device, cut)
    clean = batch.target.cpu()
    pictures = {"noisy": unrestored(batch.observation.value.cpu(), clean)}
    with torch.no_grad():
        for name, restorer in restorers.items():
            pictures[name] = restore_observation(restorer, batch.observation).mean.float().cpu()
    for place, i in enumerate(numbers):
        mine = {name: picture[place : place + 1] for name, picture in pictures.items()}
        truth = clean[place : place + 1]
        figures = {name: scores.add(name, picture, truth) for name, picture in mine.items()}
        shown = {name: data.domain.measured(picture) for name, picture in {"clean": truth, **mine}.items()}
        level = batch.observation.level
        yield Restored(store.names[i], shown, figures, None if level is None else float(level[place]))


def unrestored(value: Tensor, clean: Tensor) -> Tensor:
    """What was observed; of fewer pixels than the clean picture, each of them repeated."""
    same = value.shape[2:] == clean.shape[2:]
    return value if same else F.interpolate(value, size=clean.shape[2:], mode="nearest")
