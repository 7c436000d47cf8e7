"""The tables and plots of a comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from denoiselab.report.comparison import Outcome
from denoiselab.report.grids import Strip, compared
from denoiselab.report.paired import paired_difference
from denoiselab.report.plots import DEPTH, PARAMETERS, SIGMA, Point
from denoiselab.report.results import caption
from denoiselab.report.tables import Table

NOISY, METRICS = "noisy", ("psnr", "ssim", "lpips", "mse")


def protocols(outcomes: Sequence[Outcome]) -> list[str]:
    """The name of each test's protocol; where one name stands for several, what each of them is."""
    meant: dict[str, set[str]] = {}
    for outcome in outcomes:
        meant.setdefault(outcome.scores.name, set()).add(outcome.scores.describe())
    return [
        outcome.scores.describe() if len(meant[outcome.scores.name]) > 1 else outcome.scores.name
        for outcome in outcomes
    ]


def titles(outcomes: Sequence[Outcome]) -> list[str]:
    """The pictures, noise and protocol of each test, no two alike."""
    plain = [f"{one.pictures}, {one.noise}, {name}" for one, name in zip(outcomes, protocols(outcomes), strict=True)]
    return [
        f"{title} ({plain[:i].count(title) + 1})" if plain.count(title) > 1 else title for i, title in enumerate(plain)
    ]


def noted(outcomes: Sequence[Outcome]) -> str:
    """What a reader has to know beside the figures, as Markdown: a list for each test that has such notes."""
    return "".join(
        f"\n{title}:\n\n" + "".join(f"- {note}\n" for note in outcome.notes)
        for title, outcome in zip(titles(outcomes), outcomes, strict=True)
        if outcome.notes
    )


def overview(outcomes: Sequence[Outcome]) -> Table:
    """A row for each restorer: its PSNR in every test, a column each, and what it costs."""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.scores.names))
    tests = [f"{title}, dB" for title in titles(outcomes)]
    rows = []
    for name in names:
        figures = {
            test: outcome.scores.summary(name).get("psnr")
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
    """A row for each restorer in a test: PSNR, SSIM, and how far its PSNR is from the reference's if that's in it."""
    rows = []
    for name in outcome.scores.names:
        figures = outcome.scores.summary(name)
        rows.append(
            {
                "restorer": name,
                "PSNR, dB": figures.get("psnr"),
                "SSIM": figures.get("ssim"),
                "LPIPS": figures.get("lpips"),
                **_apart(outcome, name, reference),
            }
        )
    columns = ["restorer", "PSNR, dB", "SSIM", "LPIPS", "− reference, dB", "from, dB", "to, dB"]
    columns = [name for name in columns if name == "PSNR, dB" or any(row.get(name) is not None for row in rows)]
    return Table(columns, rows, f"{outcome.pictures}, {outcome.noise}: {outcome.protocol}")


def _apart(outcome: Outcome, name: str, reference: str) -> dict[str, float]:
    """In pairs, over the pictures for which both have a figure; nothing where there's nothing to compare."""
    if name == reference or reference not in outcome.scores.names:
        return {}
    figures = [(one.figures[name].get("psnr"), one.figures[reference].get("psnr")) for one in outcome.restored]
    pairs = [(own, other) for own, other in figures if own is not None and other is not None]
    if not pairs:
        return {}
    apart = paired_difference([own for own, _ in pairs], [other for _, other in pairs])
    return {"− reference, dB": apart.mean, "from, dB": apart.low, "to, dB": apart.high}


def every_figure(outcomes: Sequence[Outcome]) -> Table:
    """A row for each picture, restorer and test, each with its protocol."""
    rows = [
        {
            "pictures": outcome.pictures,
            "noise": outcome.noise,
            "protocol": protocol,
            "picture": one.name,
            "restorer": name,
            **{key: figures.get(key) for key in METRICS},
            "level": one.level,
        }
        for outcome, protocol in zip(outcomes, protocols(outcomes), strict=True)
        for one in outcome.restored
        for name, figures in one.figures.items()
    ]
    return Table(["pictures", "noise", "protocol", "picture", "restorer", *METRICS, "level"], rows)


def shown(outcome: Outcome) -> list[Strip]:
    """The first pictures of a test by every restorer, their PSNR below; the clean one, where it's known, last."""
    found = []
    for one in (one for one in outcome.restored if one.pictures):
        captions = {name: caption(figures) for name, figures in one.figures.items()}
        pictures = {name: one.pictures[name] for name in (*one.figures, "clean") if name in one.pictures}
        named = {"clean": one.name} if "clean" in pictures else {NOISY: f"{one.name} {captions[NOISY]}".strip()}
        found.append(compared(pictures, captions | named))
    return found


def places(outcomes: Sequence[Outcome], models: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Point]]:
    """What there is to plot of the first set of pictures: each restorer over the noise, networks over their size.

    Under one kind of noise and one protocol, those of the first test.
    models: the entrants' networks, as configuration.
    """
    alike = [
        outcome
        for outcome in outcomes
        if _kind_of(outcome) == _kind_of(outcomes[0])
        and all("psnr" in outcome.scores.summary(name) for name in outcome.scores.names)
    ]
    points: dict[str, list[Point]] = {SIGMA: [], DEPTH: [], PARAMETERS: []}
    for outcome in alike:
        figure = {name: outcome.scores.summary(name)["psnr"] for name in outcome.scores.names}
        for name in outcome.costs:
            if outcome.level is not None:
                points[SIGMA].append(Point(name, outcome.level, outcome.level, figure[name], 0.0, figure[NOISY]))
            if (depth := models.get(name, {}).get("depth")) is not None:
                points[DEPTH].append(Point(_kind(models[name]), outcome.level, depth, figure[name]))
            if (parameters := outcome.costs[name].parameters) is not None:
                points[PARAMETERS].append(Point(_kind(models[name]), outcome.level, parameters, figure[name]))
    return points


def _kind_of(outcome: Outcome) -> tuple[str, str, str]:
    """What tests have in common whose figures may be joined by a line: all but the level."""
    noise = outcome.noise if outcome.level is None else re.sub(r"\d+(\.\d+)?", "", outcome.noise)
    return outcome.pictures, noise, outcome.scores.describe()


def _kind(model: Mapping[str, Any]) -> str:
    return str(model["_target_"]).rpartition(".")[2]
