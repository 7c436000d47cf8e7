"""Noise, loss and supervision that do not fit are refused at the start, with what would fit."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import yaml
from torch import Tensor

from denoiselab.batch import Batch, Statistic
from denoiselab.config import build
from denoiselab.data import Data
from denoiselab.degradations import (
    Bernoulli,
    Blur,
    Composed,
    Degradation,
    Gaussian,
    Impulse,
    MonteCarlo,
    Poisson,
    Recorded,
    Text,
)
from denoiselab.errors import UserError
from denoiselab.methods import Method
from denoiselab.objectives import L1, L2, AnnealedL0, HDRRelative, Objective
from denoiselab.supervision import Clean, Neighbours, Noise2Noise, Noise2Void, Supervision, check_fit
from denoiselab.training.cautions import forced

CONF = Path(__file__).parents[2] / "conf"
TWO, BLIND = Noise2Noise(force=False), Noise2Void(part=0.02, radius=5, force=False)
GAUSS, TEXT = Gaussian(sigma=25, clip=False), Text(p=[0, 0.5])


class Unweighted(Objective):
    estimates = Statistic.MEAN

    def forward(self, prediction: Tensor, batch: Batch, progress: float) -> Tensor:
        return (prediction - batch.target).square().mean()


@pytest.mark.parametrize(
    ("supervision", "noise", "loss"),
    [
        (TWO, GAUSS, L2()),
        (TWO, GAUSS, L1()),
        (TWO, Poisson(photons=30), L2()),
        (TWO, Poisson(photons=30), HDRRelative(eps=0.01)),
        (TWO, TEXT, L1()),
        (TWO, Impulse(p=[0, 0.95]), AnnealedL0(eps=1e-8)),
        (TWO, Bernoulli(p=0.5, refill=True), L2()),
        (TWO, Recorded(), L1()),
        (TWO, MonteCarlo(samples=8), HDRRelative(eps=0.01)),
        (BLIND, GAUSS, L2()),
        (Clean(), TEXT, L2()),
        (Clean(), Gaussian(sigma=25, clip=True), L2()),
        (Noise2Noise(force=True), TEXT, L2()),
    ],
)
def test_what_fits(supervision: Supervision, noise: Degradation, loss: Objective) -> None:
    check_fit(supervision, noise, loss)


@pytest.mark.parametrize(
    ("supervision", "noise", "loss", "reason"),
    [
        (
            TWO,
            TEXT,
            L2(),
            "L2 estimates the mean, but text over .* keeps the median and the mode: take loss=l1 or loss=l0",
        ),
        (TWO, Poisson(photons=30), L1(), "L1 estimates the median, .* keeps the mean: take loss=l2;"),
        (TWO, Impulse(p=0.7), L1(), "keeps the mode: take loss=l0;"),
        (TWO, MonteCarlo(samples=8), L1(), "Monte Carlo, 8 samples a pixel keeps the mean: take loss=l2;"),
        (
            TWO,
            Gaussian(sigma=25, clip=True),
            L2(),
            "clipped lead elsewhere .*: take noise.clip=false;",
        ),
        (
            TWO,
            Blur(radius_px=2),
            L2(),
            "blur, radius 2 px lead elsewhere .*: take another noise;",
        ),
        (TWO, Composed(steps={"a": GAUSS, "b": GAUSS}), L1(), "keeps the mean"),
        (
            TWO,
            Composed(steps={"a": GAUSS, "sensor": Gaussian(sigma=5, clip=True)}),
            L2(),
            "take noise.steps.sensor.clip=false;",
        ),
        (TWO, Composed(steps={"a": TEXT, "b": GAUSS}), L1(), "take another noise, or one step alone;"),
        (
            TWO,
            Composed(steps={"a": TEXT, "b": Gaussian(sigma=5, clip=True)}),
            L1(),
            "another noise, or one step alone;",
        ),
        (TWO, Bernoulli(p=0.5, refill=True), Unweighted(), "also counts the values that .* lost"),
        (BLIND, TEXT, L1(), "neighbours would tell it of text"),
        (Neighbours(force=False), TEXT, L1(), "neighbours would tell it of text"),
        (Neighbours(force=False), Impulse(p=0.4), L1(), "also compares means, which .* doesn't keep: .*noise2void"),
        (TWO, Impulse(p=1), AnnealedL0(eps=1e-8), "impulses, p 1 lead elsewhere .*: take another noise"),
        (TWO, Bernoulli(p=1, refill=True), L2(), "erased, p 1 lead elsewhere"),
    ],
)
def test_what_does_not_fit(supervision: Supervision, noise: Degradation, loss: Objective, reason: str) -> None:
    with pytest.raises(UserError, match=rf"{reason}.*supervision\.force=true"):
        check_fit(supervision, noise, loss)


def test_noisy_targets_that_the_method_maps_are_refused() -> None:
    noise = MonteCarlo(samples=8)
    with pytest.raises(UserError, match=r"method: mapped targets .*tone_mapped_input; .*supervision\.force=true"):
        check_fit(TWO, noise, HDRRelative(eps=0.01), bends_target=True)
    check_fit(Clean(), noise, L2(), bends_target=True)
    check_fit(Noise2Noise(force=True), noise, L2(), bends_target=True)


def test_what_was_forced_is_said() -> None:
    data, method = SimpleNamespace(supervision=Noise2Noise(force=True), degradation=TEXT), SimpleNamespace
    (line,) = forced(cast(Data, data), cast(Method, method(objective=L2(), bends_target=False)))
    assert "keeps the median" in line and line.endswith("(supervision.force=true)")
    assert not forced(cast(Data, data), cast(Method, method(objective=L1(), bends_target=False)))


@pytest.mark.parametrize("path", sorted((CONF / "noise").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_noise_has_a_loss_or_is_no_target(path: Path) -> None:
    noise = build(yaml.safe_load(path.read_text()), "noise", trust=False)
    fitting = []
    for loss in (L2(), L1(), AnnealedL0(eps=1e-8)):
        try:
            check_fit(TWO, noise, loss)
            fitting.append(loss)
        except UserError:
            pass
    assert bool(fitting) == noise.may_be_target
