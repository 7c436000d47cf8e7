"""Templates filled, with styles, scripts and pictures inside the page."""

from __future__ import annotations

import base64
import io
import json
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


def rendered(template: str, **context: Any) -> str:
    """A page of `assets/` with what it is given; texts are escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"zip": zip, "json": _json}
    environment.globals["asset"] = _asset
    return environment.get_template(template).render(context)


def picture_address(pixels: NDArray[np.uint8]) -> str:
    """`(H, W, 3)` as an address that holds the picture, losslessly."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, method=1)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


def _read(name: str) -> str:
    return (files("denoiselab.web") / "assets" / name).read_text(encoding="utf-8")


def _asset(name: str) -> Any:
    """A style or a script, as it is."""
    from markupsafe import Markup

    return Markup(_read(name))


def _json(value: Any) -> Any:
    """JSON that no end tag inside can break out of."""
    from markupsafe import Markup

    return Markup(json.dumps(value).replace("<", "\\u003c"))
