"""One HTML file that needs nothing else: tables to sort, plots, and pictures to slide between."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from denoiselab.drafts import atomic
from denoiselab.report.grids import displayable
from denoiselab.report.results import Restored
from denoiselab.report.tables import Table, formatted
from denoiselab.units import to_uint8


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
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    room = files("denoiselab.report") / "html"
    read = {kind: (room / f"page.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"zip": zip, "json": _json, "picture_file": _png}
    text = environment.from_string(read["html"]).render(page=page, style=Markup(read["css"]), script=Markup(read["js"]))
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _views(one: Restored) -> dict[str, dict[str, str]]:
    figures = {name: f"{formatted('psnr', values['psnr'])} dB" for name, values in one.figures.items()}
    return {
        name: {
            "source": _webp(to_uint8(displayable(picture)).permute(1, 2, 0).numpy()),
            "figure": figures.get(name, ""),
        }
        for name, picture in one.pictures.items()
    }


def _webp(pixels: np.ndarray) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


def _png(file: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}"


def _json(value: Any) -> Any:
    """JSON that no end tag inside can break out of."""
    from markupsafe import Markup

    return Markup(json.dumps(value).replace("<", "\\u003c"))
