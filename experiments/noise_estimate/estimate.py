"""The error of the noise estimate on real pictures with known noise, beside scikit-image's `estimate_sigma`.

    python experiments/noise_estimate/estimate.py

reads kodak24 and every fourth picture of cbsd68 below DENOISELAB_DATA and writes two files beside this one:
`results.csv`, a row for each picture and noise, and `table.csv`, what they come to.
"""

import csv
import os
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from skimage.filters import gaussian
from skimage.restoration import estimate_sigma
from torch import Tensor

from denoiselab.degradations import Gaussian, PoissonGaussian
from denoiselab.diagnosis import diagnose
from denoiselab.io import picture_files, read_picture, to_channels
from denoiselab.report.tables import Table, read_rows
from denoiselab.streams import Streams, mix
from denoiselab.units import std_from_sigma, to_float, to_uint8

Noise = Callable[[Tensor, Streams], Tensor]
TOLD = ("follows_light", "correlated", "shared", "clipped")
COLUMNS = ("set", "channels", "noise", "picture", "true", "ours", "skimage", *TOLD)


def white(sigma: float) -> Noise:
    """AWGN."""
    return lambda clean, streams: Gaussian(sigma=sigma, clip=False)(clean, streams).value


def camera(photons: float, sigma: float) -> Noise:
    """Shot and read noise."""
    return lambda clean, streams: PoissonGaussian(photons=photons, sigma=sigma)(clean, streams).value


def eight_bit(sigma: float) -> Noise:
    """AWGN, clipped and rounded to 8 bits."""
    return lambda clean, streams: to_float(to_uint8(white(sigma)(clean, streams)))


def jpeg(sigma: float, colours: str) -> Noise:
    """AWGN in a JPEG of quality 95; colours: how large they are stored."""

    def noisy(clean: Tensor, streams: Streams) -> Tensor:
        pixels = to_uint8(white(sigma)(clean, streams))[0].movedim(0, -1).numpy()
        Image.fromarray(pixels.squeeze()).save(stored := BytesIO(), "JPEG", quality=95, subsampling=colours)
        return to_float(torch.from_numpy(np.array(Image.open(stored)).reshape(pixels.shape))).movedim(-1, 0)[None]

    return noisy


def blurred(sigma: float, radius: float) -> Noise:
    """White noise through a Gaussian filter, then scaled to its level."""

    def noisy(clean: Tensor, streams: Streams) -> Tensor:
        noise = gaussian(streams.normal(*clean.shape[1:])[0].numpy(), radius, mode="wrap", channel_axis=0)
        return clean + std_from_sigma(sigma) * torch.from_numpy(noise / noise.std())

    return noisy


NOISES: dict[str, Noise] = {
    **{f"white, sigma {sigma}": white(sigma) for sigma in (5, 10, 15, 25, 50, 75)},
    "white, sigma 25, 8 bit": eight_bit(25),
    "white, sigma 50, 8 bit": eight_bit(50),
    "camera, 100 photons, sigma 3": camera(100, 3),
    "camera, 30 photons, sigma 10": camera(30, 10),
    "JPEG 4:4:4, sigma 15": jpeg(15, "4:4:4"),
    "JPEG 4:2:0, sigma 15": jpeg(15, "4:2:0"),
    "blurred 0.6 px, sigma 15": blurred(15, 0.6),
    "blurred 1 px, sigma 25": blurred(25, 1),
}


def rows(root: Path) -> Iterator[dict[str, object]]:
    """The estimates of every picture under every noise."""
    for name, step in (("kodak24", 1), ("cbsd68", 4)):
        for file in picture_files(root / name)[::step]:
            for channels in (1, 3):
                clean = to_float(torch.from_numpy(to_channels(read_picture(file).pixels, channels))).movedim(-1, 0)[
                    None
                ]
                for noise, add in NOISES.items():
                    streams = Streams([mix(0, file.name, noise)])
                    yield {"set": name, "channels": channels, "noise": noise, "picture": file.name} | one(
                        clean, add(clean, streams), sigma_of(noise)
                    )


def sigma_of(noise: str) -> float | None:
    """The level before rounding, where rounding and clipping hide it."""
    return float(noise.split("sigma ")[1].split(",")[0]) if "8 bit" in noise else None


def one(clean: Tensor, noisy: Tensor, known: float | None) -> dict[str, object]:
    """The true level and the estimates, on the 8-bit scale."""
    pixels = noisy[0].movedim(0, -1).numpy().astype(np.float32)
    found = diagnose([pixels])
    return {
        "true": known or float((noisy - clean).square().mean().sqrt() / std_from_sigma(1)),
        "ours": found.std / std_from_sigma(1),
        "skimage": float(estimate_sigma(pixels, average_sigmas=True, channel_axis=-1)) / std_from_sigma(1),
        **{key: int(getattr(found, key)) for key in TOLD},
    }


def table(found: list[dict[str, str]]) -> Table:
    """Mean and root mean square of the relative errors, in percent, and how often each answer was given."""
    lines: list[dict[str, object]] = []
    for noise in NOISES:
        for channels in ("1", "3"):
            mine = [row for row in found if row["noise"] == noise and row["channels"] == channels]
            line: dict[str, object] = {"noise": noise, "channels": channels}
            for who, name in (("ours", "ours"), ("skimage", "scikit-image")):
                error = np.array([100 * (float(row[who]) / float(row["true"]) - 1) for row in mine])
                line |= {f"{name}: mean": f"{error.mean():+.1f}", f"{name}: RMS": f"{np.sqrt((error**2).mean()):.1f}"}
            for key in TOLD:
                line[key.replace("_", " ")] = f"{100 * np.mean([int(row[key]) for row in mine]):.0f} %"
            line["shared"] = "" if channels == "1" else line["shared"]
            lines.append(line)
    return Table(list(lines[0]), lines)


def main() -> None:
    """Estimate, write, print."""
    if (root := os.environ.get("DENOISELAB_DATA")) is None:
        sys.exit("DENOISELAB_DATA is not set: name the folder that holds kodak24 and cbsd68")
    file = Path(__file__).with_name("results.csv")
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows(Path(root)):
            writer.writerow({k: f"{v:.4f}" if isinstance(v, float) else v for k, v in row.items()})
            text.flush()
    table(read_rows(file)[1]).to_csv(file.with_name("table.csv"))


if __name__ == "__main__":
    main()
