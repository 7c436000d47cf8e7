"""The noise doctor: each picture by the network that was trained for its noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from denoiselab.builtin import spoken
from denoiselab.degradations import Noise
from denoiselab.diagnosis import SMALLEST, Diagnosis, diagnose
from denoiselab.io import Page
from denoiselab.restore.candidates import FITS, Candidate, best, widest
from denoiselab.restore.picture import FileDenoiser
from denoiselab.units import std_from_sigma, to_float

MOST, BANDS, LOWEST = 2_000_000, 8, 16
"""Pixels that are looked at; of a larger picture in that many bands of its rows, at least so high."""
DARK, BRIGHT = 0.05, 2
"""Flat places that are nowhere brighter, as in 16 bit; and such as are in float pictures, mostly on another scale."""


class Doctor:
    """Chooses for each file by the noise of its first page.

    ready: makes a candidate a denoiser; called once for each that is chosen.
    """

    def __init__(self, candidates: Sequence[Candidate], ready: Callable[[Candidate], FileDenoiser]) -> None:
        self.candidates, self.ready = candidates, cache(lambda number: ready(candidates[number]))

    def __call__(self, pages: Sequence[Page]) -> tuple[FileDenoiser, str]:
        """The denoiser for a file's pages, and what was found and done in a line."""
        page = pages[0]
        if min(page.height, page.width) < SMALLEST:
            chosen = widest(self.candidates, page.channels)
            line = f"too small to tell its noise; by {spoken(chosen.file)} ({chosen.noise.describe()})"
            return self.ready(self.candidates.index(chosen)), line
        found = diagnose(list(sampled(page)))
        chosen = best(self.candidates, found, page.channels)
        line = f"{described(found, colours=page.channels > 1)}; by {spoken(chosen.file)} ({chosen.noise.describe()})"
        return self.ready(self.candidates.index(chosen)), line + warning(found, chosen)


def sampled(page: Page) -> Iterator[NDArray[np.float32]]:
    """A page in [0, 1], or bands of its rows from top to bottom where it is large."""
    whole = page.height * page.width <= MOST
    rows = (
        page.height if whole else min(page.height, max(LOWEST, min(page.height // BANDS, MOST // (BANDS * page.width))))
    )
    starts = [0] if whole else range(0, page.height - rows + 1, page.height // BANDS)
    for start in starts:
        pixels = page.rows(start, start + rows)[..., : page.channels]
        yield to_float(torch.from_numpy(np.ascontiguousarray(pixels))).numpy()


def described(found: Diagnosis, *, colours: bool) -> str:
    """A diagnosis in words, levels on the 8-bit scale.

    colours: whether the picture has any.
    """
    sigma = [std / std_from_sigma(1) for std in (found.std, *map(found.std_at, (found.darkest, found.brightest)))]
    if found.faint and not found.dotted:
        dark = f", mostly below {100 * found.brightest:.1g} % of white" if found.brightest < DARK else ""
        return f"hardly any noise (sigma {sigma[0]:.1f}{dark})"
    parts = [f"noise of sigma {sigma[0]:.1f}"]
    parts += [f"{100 * found.dots:.1f} % of the values dots of black and white"] if found.dotted else []
    parts += [f"{sigma[1]:.1f} in the dark and {sigma[2]:.1f} in the light"] if found.follows_light else []
    parts += [f"shared by neighbours (correlation {found.correlation:.2f})"] if found.correlated else []
    parts += ["shared by the colours"] if colours and found.shared else []
    parts += [f"{100 * found.cut:.1f} % of the values clipped"] if found.clipped else []
    return ", ".join(parts)


def warning(found: Diagnosis, chosen: Candidate) -> str:
    """What a person should know where no network fits; nothing where one does, or there is hardly any noise."""
    if found.brightest > BRIGHT:
        return f"; WARNING: values reach {found.brightest:.0f} times white, which is 1 in float pictures"
    if found.dotted:
        return "; WARNING: the dots are no noise that a network here knows: a median filter takes them away"
    if found.faint or chosen.off(found) <= FITS:
        return ""
    if not isinstance(chosen.noise, Noise):
        return "; WARNING: this network doesn't say which strengths of noise it knows"
    said, strength = [], chosen.strength_off(found)
    if found.correlated and chosen.noise.independent:
        said.append("no network here knows noise that neighbours share, this one takes some of it for picture")
    if chosen.splits(found):
        said.append("no network here knows noise that all channels share, this one takes most of it for picture")
    if strength > FITS:
        said.append(f"no network here was trained for such noise, this one's is {2**strength:.1f} times off")
    return f"; WARNING: {'; '.join(said or ['no network here was trained for such noise'])}"
