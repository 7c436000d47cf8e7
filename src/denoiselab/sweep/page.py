"""A sweep on a page: its leaderboard, plots, pictures and jobs, as far as they have come."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from denoiselab.report.results import SUMMARY, TWINS
from denoiselab.report.tables import Table
from denoiselab.report.twins import warning
from denoiselab.sweep.leaderboard import jobs_table, leaderboard
from denoiselab.sweep.ledger import STATES, jobs, read, state
from denoiselab.sweep.pictures import BEST, scenes
from denoiselab.sweep.plots import places, ways
from denoiselab.web.charts import charts
from denoiselab.web.parallel import parallel
from denoiselab.web.report import Page, Part


def page(sweep: Path) -> Page:
    """The page of a sweep, complete at any moment."""
    best, every, pictures = leaderboard(sweep), jobs_table(sweep), scenes(sweep)
    count = Counter(state(job) for job in jobs(sweep))
    how = ", ".join(f"{count[name]} {name}" for name in reversed(STATES) if count[name])
    shown = f"Test pictures that jobs restored from the same noise: the {BEST} best jobs of each, the best one last."
    parts = [Part(title="Pictures", lead=shown, notes=notes(sweep), scenes=pictures)] if pictures else []
    return Page(
        title=sweep.name,
        lead=f"A sweep of {count.total()} jobs: {how}.",
        overview=Table([name for name in best.columns if name != "job"], best.rows),
        legend=f"The finished jobs, the best first. {best.title}",
        charts=charts(places(sweep)),
        parallel=parallel(ways(sweep)),
        parts=[*parts, Part(title="Every job", table=every)],
    )


def notes(sweep: Path) -> list[str]:
    """The test pictures that share a piece with a training picture of some job."""
    pairs = dict.fromkeys(pair for job in jobs(sweep) for pair in read(job / SUMMARY).get(TWINS) or ())
    return [said] if (said := warning(list(pairs), most=None)) else []
