"""Checkpoints and classical baselines on the same pictures, under the same noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from denoiselab.batch import Observation
from denoiselab.config import build
from denoiselab.data import Data
from denoiselab.domains import PHOTOGRAPH, PSNR
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import load_method, read_checkpoint
from denoiselab.metrics import Scores, lpips
from denoiselab.report.cost import Cost, cost
from denoiselab.report.measure import evaluate, read_test, shown_progress, trained_on
from denoiselab.report.results import SHOWN, Restored, many
from denoiselab.report.twins import near_twins, warning
from denoiselab.report.unreferenced import Estimates, estimated
from denoiselab.restore import Restorer, classical_baselines, prepare


@dataclass(frozen=True)
class Test:
    """Pictures under one noise, counted by one protocol, and who is measured on them.

    pictures: what the set is called.
    config: the data, noise, protocol and seed; the rest is not used.
    everything: all of the data's pictures are test pictures.
    entrants: checkpoint files by their names in the comparison.
    methods: by what each of them restores, as configuration.
    """

    pictures: str
    config: Mapping[str, Any]
    everything: bool
    entrants: Mapping[str, Path]
    methods: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What came out of a test; restorers in the order noisy, classical, entrants.

    scores: of what is estimated where no clean pictures are known.
    noise, level: in words, and sigma on the 8-bit scale where it is a single one.
    restored: every picture's figures; the first ones with the pictures themselves.
    costs: of the entrants and the classical baselines.
    notes: what a reader has to know beside the figures.
    """

    pictures: str
    noise: str
    level: float | None
    scores: Scores | Estimates
    restored: Sequence[Restored]
    costs: Mapping[str, Cost]
    notes: Sequence[str]

    @property
    def protocol(self) -> str:
        """How many pictures, and how they are counted."""
        return f"{many(len(self.restored), 'picture')}; {self.scores.describe()}"


def compare(test: Test, contents: Mapping[str, Any], *, baselines: bool, trust: bool) -> Outcome:
    """Measure everyone on every picture, and what it costs on the first one; without clean pictures estimate.

    contents: of the checkpoints, at least of those that the test names.

    Raises:
        UserError: no test pictures, or channels that a network doesn't take.
    """
    mine = {name: contents[name] for name in test.entrants}
    methods = {name: load_method(content, trust=trust, method=test.methods[name])[0] for name, content in mine.items()}
    wanted = {method.in_channels for method in methods.values()}
    data = read_test(test.config, wanted, everything=test.everything, trust=trust)
    if data.domain.figure != PSNR:
        raise UserError(f"runs: {data.domain.name} have no PSNR to compare; evaluate.py measures each run")
    classical = {one.name: one for one in classical_baselines(data.test_degradation, data.domain) if baselines}
    blind = "clean" not in data.stores["test"].layers
    if blind and data.domain is not PHOTOGRAPH:
        raise UserError(f"data: without clean pictures only photographs are compared, not {data.domain.name}")
    protocol = build(test.config["protocol"], "protocol", trust=trust)
    scores = Estimates() if blind else Scores(protocol, data.domain, lpips.at_hand())
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for method in methods.values():
        prepare(method, device)
    restorers: dict[str, Restorer] = {**classical, **methods}
    chunks, total = data.chunks("test"), len(data.stores["test"])
    number = many(total, "picture")
    print(f"measuring {number}, {test.pictures}, {data.test_degradation.describe()}: {', '.join(restorers)}")
    results = shown_progress(
        estimated(data, scores, restorers, device)
        if isinstance(scores, Estimates)
        else evaluate(data, chunks, scores, restorers, device),
        total,
    )
    restored = [one.centres(i < SHOWN) for i, one in enumerate(results)]
    makers = {name: partial(_same, one) for name, one in classical.items()} | {
        name: partial(_loaded, file, trust, test.methods[name]) for name, file in test.entrants.items()
    }
    first = _first(data)
    print("measuring speed and memory", flush=True)
    return Outcome(
        test.pictures,
        data.test_degradation.describe(),
        _level(test.config["noise"]),
        scores,
        restored,
        {name: cost(make, first) for name, make in makers.items()},
        [
            *data.notes,
            *(scores.notes() if isinstance(scores, Estimates) else ()),
            *(f"{name}: {said}" for name, one in mine.items() for said in seen(one, data)),
        ],
    )


def seen(content: Mapping[str, Any], data: Data) -> list[str]:
    """Lines that name every test picture which was trained on, and every one that shares a piece with such a one."""
    lines = trained_on(content, data, most=None), warning(near_twins(content, data), most=None)
    return [line for line in lines if line]


def _first(data: Data) -> Observation:
    store = data.stores["test"]
    if "clean" not in store.layers:
        layers = store.sample(0)
        return Observation(layers["shot0"].cpu(), aux=layers.get("aux"))
    return data.measured_batch("test", data.chunks("test")[0][:1], "cpu", lambda picture, _: picture).observation


def _same(restorer: Restorer) -> Restorer:
    return restorer


def _loaded(file: Path, trust: bool, method: Mapping[str, Any]) -> Restorer:
    return load_method(read_checkpoint(file), trust=trust, method=method)[0]


def _level(noise: Mapping[str, Any]) -> float | None:
    sigma = noise.get("sigma")
    return float(sigma) if isinstance(sigma, int | float) else None
