"""OpenEXR: linear radiance of any magnitude, and the layers beside it, by the format's own package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.io.layers import Layers, layers_of
from denoiselab.io.picture import Picture, unstacked

EXR = b"\x76\x2f\x31\x01"
MAIN = ("", "combined", "beauty", "rgba", "rgb", "color", "radiance", "image")
"""How the picture itself is named among layers, in small letters; else the only layer of colours is it."""
STORAGE = ("channels", "type", "tiles")
"""What of a header is the writer's to say."""
HALF = np.float16


def exr() -> Any:
    """The package, which is an extra."""
    if find_spec("OpenEXR") is None:
        raise UserError("EXR files are read and written by OpenEXR, which is missing; pip install 'denoiselab[exr]'")
    import OpenEXR

    return OpenEXR


def read_exr(path: Path) -> Picture:
    """A file of one part: its picture in float32, unclipped; all else it holds goes along as `layers`.

    Raises:
        UserError: several parts, no RGB or gray picture, whole numbers, or values that are not finite.
    """
    with exr().File(str(path), separate_channels=True) as file:
        if len(file.parts) > 1:
            raise UserError(f"holds {len(file.parts)} parts; save each as a picture of its own")
        channels = {name: np.array(channel.pixels) for name, channel in file.channels().items()}
        header = {key: value for key, value in file.header().items() if key not in STORAGE}
    place, names = main_channels(channels)
    depths = [channels[name].dtype for name in names]
    if strange := [depth for depth in depths if depth.kind != "f"]:
        raise UserError(f"its picture is of {strange[0]} values; save it as half or float")
    pixels = np.stack([channels.pop(name) for name in names], -1).astype(np.float32)
    if lost := int((~np.isfinite(pixels)).any(-1).sum()):
        raise UserError(f"{lost} of its pixels are not finite; render it anew, or set them to a number")
    gray = len(names) < 3
    return unstacked(pixels, gray, layers=Layers(header, place, str(np.result_type(*depths)), channels))


def main_channels(channels: dict[str, NDArray[Any]]) -> tuple[str, list[str]]:
    """What stands before the picture's channels, and their names: RGB or Y, then alpha."""
    colours = {name: parts for name, parts in layers_of(channels).items() if parts[0].endswith("R")}
    by_name = {name.rpartition(".")[2].lower(): name for name in reversed(colours)}
    known = [by_name[name] for name in MAIN if name in by_name]
    if known or len(colours) == 1:
        layer = known[0] if known else next(iter(colours))
        names, place = colours[layer], f"{layer}." if layer else ""
    elif "Y" in channels:
        names, place = ["Y"], ""
    else:
        raise UserError(f"which of its channels are the picture isn't clear ({', '.join(channels)}): name them R, G, B")
    return place, [*names, *([f"{place}A"] if f"{place}A" in channels else [])]


def write_exr(path: Path, picture: Picture) -> None:
    """Write a float32 picture in the depth that it came in, half values up to the largest, with its layers."""
    package = exr()
    about = picture.layers or Layers({"compression": package.ZIP_COMPRESSION}, "", "float32", {})
    gray, values = picture.pixels.shape[2] == 1, picture.stacked
    if about.depth == "float16":
        most = float(np.finfo(HALF).max)
        values = values.clip(-most, most).astype(HALF)
    names = ["Y" if gray else part for part in ("R", "G", "B")[: picture.pixels.shape[2]]]
    names += ["A"] if picture.alpha is not None else []
    own = {f"{about.place}{name}": np.ascontiguousarray(values[..., i]) for i, name in enumerate(names)}
    header = {**about.header, "type": package.scanlineimage}
    package.File(header, {**about.others, **own}).write(str(path))
