"""Text laid over the picture, and not known to be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from denoiselab.batch import Observation, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.degradations.ranges import Range
from denoiselab.streams import Streams

STRINGS = 256
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
LENGTHS = (3, 12)
POINTS = (12, 40)
"""Size of the font in pixels, and of the strings in letters: from, up to."""


class Text(Degradation):
    """y = a random colour where a letter lies, else x (Lehtinen et al. 2018, 3.3): strings of random letters, sizes
    and colours at random places, over one another too, until a part p of the pixels is covered (or a string more).

    p: the part, or `[low, high]`, drawn uniformly for each picture.

    The font is DejaVu Sans of matplotlib, its letters without antialiasing. The clean value stays the most frequent
    one, and the median as long as p is at most 0.5 and, for the string more, 0.4 on average. `Observation.level` is p.
    """

    keeps = frozenset({Statistic.MODE})
    independent = False

    def __init__(self, *, p: float | Sequence[float]) -> None:
        self.p = Range.of("p", p, most=0.9)
        if self.p.high <= 0.5 and self.p.low + self.p.high <= 0.8:
            self.keeps = frozenset({Statistic.MEDIAN, Statistic.MODE})

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        level = self.p.draw(streams)
        value, covered = clean.clone(), torch.zeros_like(clean[:, :1], dtype=torch.bool)
        while (open_ := covered.float().mean((1, 2, 3)) < level).any():
            letters = overlay(streams, clean.shape[-2], clean.shape[-1]) & open_[:, None, None, None]
            colour = streams.uniform(clean.shape[1], 1, 1).to(clean)
            value, covered = torch.where(letters, colour, value), covered | letters
        return Observation(value, level=level)

    def describe(self) -> str:
        return f"text over the part p {self.p.describe()}"


def overlay(streams: Streams, height: int, width: int) -> Tensor:
    """One string for each sample, anywhere, cut off by the picture's borders: `(N, 1, H, W)` bool."""
    bank, sizes = strings(streams.device)
    which = streams.integers(0, STRINGS)
    tall, wide = sizes[which].unbind(1)
    chance = streams.uniform(2)
    top = (chance[:, 0] * (height + tall)).long() - tall
    left = (chance[:, 1] * (width + wide)).long() - wide
    rows = torch.arange(height, device=streams.device) - top[:, None]
    columns = torch.arange(width, device=streams.device) - left[:, None]
    inside = ((rows >= 0) & (rows < tall[:, None]))[:, :, None] & ((columns >= 0) & (columns < wide[:, None]))[:, None]
    rows, columns = rows.clamp(0, bank.shape[1] - 1), columns.clamp(0, bank.shape[2] - 1)
    return (bank[which[:, None, None], rows[:, :, None], columns[:, None]] & inside)[:, None]


@lru_cache(maxsize=2)
def strings(device: torch.device) -> tuple[Tensor, Tensor]:
    """Strings rendered once: masks `(STRINGS, H, W)` bool in the top left corner, and their sizes `(STRINGS, 2)`."""
    random = np.random.default_rng(0)
    masks = [rendered("".join(random.choice(list(LETTERS), random.integers(*LENGTHS))), i) for i in range(STRINGS)]
    sizes = torch.tensor([mask.shape for mask in masks])
    bank = torch.zeros(STRINGS, *sizes.amax(0), dtype=torch.bool)
    for layer, mask in zip(bank, masks, strict=True):
        layer[: mask.shape[0], : mask.shape[1]] = torch.tensor(mask)
    return bank.to(device), sizes.to(device)


def rendered(letters: str, number: int) -> np.ndarray:
    """A string as a mask `(H, W)`, cut to its ink; sizes go round from the smallest to the largest."""
    low, high = POINTS
    font = ImageFont.truetype(font_file(), low + number % (high - low + 1))
    _, _, width, height = font.getbbox(letters)
    image = Image.new("1", (int(width) + 1, int(height) + 1))
    ImageDraw.Draw(image).text((0, 0), letters, fill=1, font=font)
    mask = np.asarray(image)
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def font_file() -> Path:
    """DejaVu Sans, as matplotlib installs it."""
    from matplotlib import get_data_path  # heavy

    return Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
