"""The tables and plots of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from denoiselab.report.comparison import Outcome
from denoiselab.report.grids import Strip, compared
from denoiselab.report.paired import paired_difference
from denoiselab.report.plots import DEPTH, PARAMETERS, SIGMA, Point
from denoiselab.report.tables import Table, formatted

NOISY = "noisy"


def overview(outcomes: Sequence[Outcome]) -> Table:
    """A row for each restorer: its PSNR in every test, a column each, and what it costs."""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.scores.names))
    tests = [f"{outcome.title}, dB" for outcome in outcomes]
    rows = []
    for name in names:
        figures = {
            test: outcome.scores.summary(name)["psnr"]
            for test, outcome in zip(tests, outcomes, strict=True)
            if name in outcome.scores.names
        }
        rows.append({"restorer": name, **figures, **_costs(outcomes, name)})
    return Table(["restorer", *tests, "parameters", "kMAC / pixel", "s / Mpx", "peak MiB"], rows)


def _costs(outcomes: Sequence[Outcome], name: str) -> dict[str, Any]:
    """Of the first test that it was in."""
    found = next((outcome.costs[name] for outcome in outcomes if name in outcome.costs), None)
    if found is None:
        return {}
    multiply_adds = None if found.multiply_adds is None else found.multiply_adds / 1e3
    return {
        "parameters": found.parameters,
        "kMAC / pixel": multiply_adds,
        "s / Mpx": found.seconds,
        "peak MiB": found.mebibytes,
    }


def standing(outcome: Outcome, reference: str) -> Table:
    """A row for each restorer in a test: PSNR, SSIM, and how far its PSNR is from the reference's, in pairs."""
    psnr = {name: [one.figures[name]["psnr"] for one in outcome.restored] for name in outcome.scores.names}
    rows = []
    for name in outcome.scores.names:
        figures = outcome.scores.summary(name)
        apart = paired_difference(psnr[name], psnr[reference])
        between = (
            {} if name == reference else {"− reference, dB": apart.mean, "from, dB": apart.low, "to, dB": apart.high}
        )
        rows.append({"restorer": name, "PSNR, dB": figures["psnr"], "SSIM": figures["ssim"], **between})
    columns = ["restorer", "PSNR, dB", "SSIM", "− reference, dB", "from, dB", "to, dB"]
    return Table(columns, rows, f"{outcome.title}: {outcome.protocol}")


def every_figure(outcomes: Sequence[Outcome]) -> Table:
    """A row for each picture, restorer and test, each with its protocol."""
    rows = [
        {
            "pictures": outcome.pictures,
            "noise": outcome.noise,
            "protocol": outcome.scores.protocol.name,
            "picture": one.name,
            "restorer": name,
            **{key: figures[key] for key in ("psnr", "ssim", "mse")},
            "level": one.level,
        }
        for outcome in outcomes
        for one in outcome.restored
        for name, figures in one.figures.items()
    ]
    return Table(["pictures", "noise", "protocol", "picture", "restorer", "psnr", "ssim", "mse", "level"], rows)


def shown(outcome: Outcome) -> list[Strip]:
    """The first pictures of a test by every restorer, their PSNR below; the clean one last."""
    found = []
    for one in (one for one in outcome.restored if one.pictures):
        captions = {name: f"{formatted('psnr', figures['psnr'])} dB" for name, figures in one.figures.items()}
        pictures = {name: one.pictures[name] for name in (*one.figures, "clean")}
        found.append(compared(pictures, {**captions, "clean": one.name}))
    return found


def places(outcomes: Sequence[Outcome], models: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Point]]:
    """What there is to plot of the first set of pictures: each restorer over the noise, networks over their size.

    models: the entrants' networks, as configuration.
    """
    of_one_set = [outcome for outcome in outcomes if outcome.pictures == outcomes[0].pictures]
    points: dict[str, list[Point]] = {SIGMA: [], DEPTH: [], PARAMETERS: []}
    for outcome in of_one_set:
        figure = {name: outcome.scores.summary(name)["psnr"] for name in outcome.scores.names}
        for name in outcome.costs:
            if outcome.level is not None:
                points[SIGMA].append(Point(name, outcome.level, outcome.level, figure[name], 0.0, figure[NOISY]))
            if (depth := models.get(name, {}).get("depth")) is not None:
                points[DEPTH].append(Point(_kind(models[name]), outcome.level, depth, figure[name]))
            if (parameters := outcome.costs[name].parameters) is not None:
                points[PARAMETERS].append(Point(_kind(models[name]), outcome.level, parameters, figure[name]))
    return points


def _kind(model: Mapping[str, Any]) -> str:
    return str(model["_target_"]).rpartition(".")[2]
