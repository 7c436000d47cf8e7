"""A report as one HTML file that needs nothing else: tables to sort, plots, and pictures to slide between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from denoiselab.drafts import atomic
from denoiselab.report.tables import Table
from denoiselab.web import charts, parallel
from denoiselab.web.charts import Chart
from denoiselab.web.parallel import Parallel
from denoiselab.web.render import rendered
from denoiselab.web.viewer import Scene


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of the page.

    title, lead: a heading, and what stands below it.
    notes: what a reader has to know beside the figures.
    table, folded: one that is seen, and one that is asked for.
    scenes: pictures to look at.
    """

    title: str
    lead: str = ""
    notes: Sequence[str] = ()
    table: Table | None = None
    scenes: Sequence[Scene] = ()
    folded: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is on the page, from top to bottom; `legend` says how the overview is to be read."""

    title: str
    lead: str
    overview: Table
    legend: str
    charts: Sequence[Chart]
    parallel: Parallel | None = None
    parts: Sequence[Part]


def write_page(page: Page, path: Path) -> None:
    """Write the page, styles, scripts and pictures inside."""
    text = rendered("report.html", page=page, chart_size=vars(charts), parallel_size=vars(parallel))
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8")
