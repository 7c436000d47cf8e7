"""The noise doctor: each picture by the network that was trained for its noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from denoiselab.builtin import spoken
from denoiselab.degradations import Noise
from denoiselab.diagnosis import SMALLEST, Diagnosis, diagnose
from denoiselab.io import Page
from denoiselab.restore.candidates import FITS, Candidate, best, widest
from denoiselab.restore.unclip import unclipping
from denoiselab.units import std_from_sigma, to_float

T = TypeVar("T")
MOST, BANDS, LOWEST = 2_000_000, 8, 16
"""Pixels that are looked at; of a larger picture in that many bands of its rows, at least so high."""
DARK, BRIGHT = 0.05, 2
"""Flat places that are nowhere brighter, as in 16 bit; and such as are in float pictures, mostly on another scale."""


class Doctor(Generic[T]):
    """Chooses for each picture by its noise, of a file by that of its first page.

    ready: makes a candidate a denoiser, a dataclass with a `function`; called once for each that is chosen.
    """

    def __init__(self, candidates: Sequence[Candidate], ready: Callable[[Candidate], T]) -> None:
        self.candidates, self.ready = candidates, cache(lambda number: ready(candidates[number]))

    def __call__(self, pages: Sequence[Page]) -> tuple[T, str]:
        """The denoiser for a file's pages, and what was found and done in a line."""
        return self.chosen(list(sampled(pages[0])))

    def chosen(self, bands: Sequence[NDArray[np.float32]]) -> tuple[T, str]:
        """The same for a picture in [0, 1], `(H, W, C)`, or bands of its rows."""
        height, width, channels = bands[0].shape
        found = None if min(height, width) < SMALLEST else diagnose(bands)
        if found is None:
            chosen, said, doubt = widest(self.candidates, channels), "too small to tell its noise", ""
        else:
            chosen = best(self.candidates, found, channels)
            said, doubt = described(found, colours=channels > 1), warning(found, chosen)
        denoiser: Any = self.ready(self.candidates.index(chosen))
        if found is not None and unclips(found, chosen):
            denoiser = replace(denoiser, function=unclipping(denoiser.function, found))
            said += ", which is set right"
        return denoiser, f"{said}; by {spoken(chosen.file)} ({chosen.noise.describe()}){doubt}"


def unclips(found: Diagnosis, chosen: Candidate) -> bool:
    """Whether white noise was cut off that the network knows whole; one of recordings knows it as they are."""
    whole = isinstance(chosen.noise, Noise) and not chosen.noise.clip
    return whole and found.clipped and not (found.faint or found.dotted or found.correlated)


def sampled(page: Page) -> Iterator[NDArray[np.float32]]:
    """A page in [0, 1], or bands of its rows from top to bottom where it is large."""
    for start, stop in bands_of(page.height, page.width):
        pixels = page.rows(start, stop)[..., : page.channels]
        yield to_float(torch.from_numpy(np.ascontiguousarray(pixels))).numpy()


def bands_of(height: int, width: int) -> Iterator[tuple[int, int]]:
    """The first and last row of each band; of a picture of up to `MOST` pixels all of it is one."""
    whole = height * width <= MOST
    rows = height if whole else min(height, max(LOWEST, min(height // BANDS, MOST // (BANDS * width))))
    for start in [0] if whole else range(0, height - rows + 1, max(1, height // BANDS)):
        yield start, start + rows


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
    if found.faint or chosen.fits(found):
        return ""
    if not isinstance(chosen.noise, Noise):
        return "; WARNING: this network doesn't say which strengths of noise it knows"
    said, strength = [], chosen.strength_off(found)
    if found.correlated and chosen.noise.independent:
        said.append("no network here knows noise that neighbours share, this one takes some of it for picture")
    if chosen.splits(found):
        said.append("no network here knows noise that all channels share, this one takes most of it for picture")
    if strength > FITS:
        mean = float(chosen.too_strong(found).mean())
        how = "as strong as this one's: some of it will stay" if mean > 0 else "weaker: fine detail may go with it"
        said.append(f"no network here was trained for such noise, {2 ** abs(mean):.1f} times {how}")
    return f"; WARNING: {'; '.join(said or ['no network here was trained for such noise'])}"
