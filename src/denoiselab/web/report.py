"""A report as one HTML file that needs nothing else: tables to sort, plots, and pictures to slide between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from denoiselab.drafts import atomic
from denoiselab.report.grids import displayable
from denoiselab.report.results import Restored
from denoiselab.report.tables import Table, formatted
from denoiselab.units import to_uint8
from denoiselab.web.render import picture_address, rendered


@dataclass(frozen=True)
class Part:
    """A test on the page.

    title, lead: a heading, and what its figures mean.
    table: its restorers.
    pictures: the figures of every picture.
    restored: pictures to look at; those without any are left out.
    """

    title: str
    lead: str
    table: Table
    pictures: Table
    notes: Sequence[str]
    restored: Sequence[Restored]

    @property
    def views(self) -> list[dict[str, Any]]:
        """What the slider shows: for each picture its views, as data addresses, with their PSNR."""
        return [{"name": one.name, "views": _views(one)} for one in self.restored if one.pictures]


@dataclass(frozen=True)
class Page:
    """What is on the page, from top to bottom; `plots` are PNG files, `legend` says how the overview is to be read."""

    title: str
    lead: str
    overview: Table
    legend: str
    plots: Sequence[Path]
    parts: Sequence[Part]


def write_page(page: Page, path: Path) -> None:
    """Write the page, styles, script and pictures inside."""
    text = rendered("report.html", page=page)
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _views(one: Restored) -> dict[str, dict[str, str]]:
    figures = {name: f"{formatted('psnr', values['psnr'])} dB" for name, values in one.figures.items()}
    return {
        name: {
            "source": picture_address(to_uint8(displayable(picture)).permute(1, 2, 0).numpy()),
            "figure": figures.get(name, ""),
        }
        for name, picture in one.pictures.items()
    }
