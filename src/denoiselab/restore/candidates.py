"""The checkpoints at hand, and which of them was trained for the noise of a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from pathlib import Path

import torch
from torch import Tensor

from denoiselab.config import build
from denoiselab.degradations import Degradation, Noise, Recorded
from denoiselab.diagnosis import Diagnosis
from denoiselab.errors import UserError
from denoiselab.methods.assembly import make_network
from denoiselab.methods.checkpoint import find_checkpoint, read_checkpoint
from denoiselab.networks import signature_of

LOOKED_AT, UNKNOWN, SHARED, SAME, FITS = 5, 1.0, 5.0, 0.1, 0.35
"""Intensities at which strengths are compared; what a network counts as off that was trained on recorded noise, whose
strength it doesn't say; how a difference in the neighbours' correlation counts, and as one of 1 noise that the channels
share; up to where two are equally near, and up to where a network fits. In factors of two between strengths."""
ROUGHLY = 1.5
"""Up to where it fits noise that neighbours share, whose strength can be told to a factor of two or three. Of 35
photographs of PolyU and CC15 `camera` helped every one, though 5 seemed further off."""
FAINTEST = 1e-3
"""A std, a quarter of an 8-bit step: below it there is no noise."""


@dataclass(frozen=True)
class Candidate:
    """A checkpoint file, the noise that it was trained for, and the channels of the pictures."""

    file: Path
    noise: Degradation
    channels: int

    def off(self, found: Diagnosis) -> float:
        """How far a picture's noise is from what it was trained for, in factors of two; 0 within its range."""
        if not isinstance(self.noise, Noise):
            return UNKNOWN
        unlike = max(0.0, abs(found.correlation - self.noise.correlation) - SAME) + self.splits(found)
        return self.strength_off(found) + SHARED * unlike

    def splits(self, found: Diagnosis) -> bool:
        """Whether it knows noise that each channel has of its own alone, and a picture's channels share theirs."""
        return self.channels > 1 and found.shared and isinstance(self.noise, Noise) and not self.noise.shared

    def fits(self, found: Diagnosis) -> bool:
        """Whether it is as near as can be told."""
        roughly = found.correlated and isinstance(self.noise, Noise) and self.noise.correlation
        return self.off(found) <= (ROUGHLY if roughly else FITS)

    def strength_off(self, found: Diagnosis) -> float:
        """How far its strength alone is off, in factors of two; of a noise whose strength is known."""
        return float(self.too_strong(found).abs().mean())

    def too_strong(self, found: Diagnosis) -> Tensor:
        """By how many factors of two a picture's noise is above its range, at some intensities; below it negative."""
        assert isinstance(self.noise, Noise)
        light = torch.linspace(found.darkest, found.brightest, LOOKED_AT).clamp(0, 1)
        seen = torch.tensor([found.std_at(float(value)) for value in light])
        low, high = (std.clamp_min(FAINTEST).log2() for std in self.noise.std_range(light))
        seen = seen.clamp_min(FAINTEST).log2()
        return (seen - high).clamp_min(0) - (low - seen).clamp_min(0)

    def span(self) -> float:
        """How wide the range of its noise is at middle gray; the narrower, the better it knows it."""
        if not isinstance(self.noise, Noise):
            return float("inf")
        low, high = self.noise.std_range(torch.tensor([0.5]))
        return float(high - low)


def best(candidates: Iterable[Candidate], found: Diagnosis, channels: int) -> Candidate:
    """The one trained for the noise nearest to a picture's; of equals the one of its channels, then the narrowest."""
    return min(candidates, key=lambda c: (max(c.off(found), SAME), c.channels != channels, c.span(), str(c.file)))


def widest(candidates: Iterable[Candidate], channels: int) -> Candidate:
    """Of those of a picture's channels, if there are any, the one that knows the widest range of noise."""
    return min(candidates, key=lambda c: (c.channels != channels, isinf(c.span()), -c.span(), str(c.file)))


def at_hand(folder: Path, *, trust: bool) -> tuple[list[Candidate], list[str]]:
    """The checkpoints of all runs below a folder that were trained to take noise away; a line for each left out.

    Raises:
        UserError: there are none.
    """
    candidates, left_out = [], []
    for run in sorted({file.parent for file in folder.rglob("*.ckpt")}):
        try:
            candidates.append(candidate(find_checkpoint(run), trust=trust))
        except UserError as error:
            left_out.append(f"left out: {error}")
    if not candidates:
        why = f" ({left_out[0]})" if left_out else ""
        raise UserError(
            f"ckpt: no run below {folder} that takes noise away: train one first, or name one, ckpt=builtin{why}"
        )
    return candidates, left_out


def candidate(file: Path, *, trust: bool) -> Candidate:
    """A checkpoint file as a candidate.

    Raises:
        UserError: it isn't known to take noise away.
    """
    config = read_checkpoint(file)["denoiselab"]["config"]
    if "noise" not in config:
        raise UserError(f"{file}: it doesn't say for which noise it was trained")
    noise = build(config["noise"], "noise", trust=trust)
    channels, aux = config["data"].get("channels"), config["data"].get("aux")
    if not isinstance(noise, Noise | Recorded) or channels not in (1, 3) or aux:
        raise UserError(f"{file}: was trained for something else ({noise.describe()})")
    if (only := signature_of(make_network(config, trust=trust)).fixed_size) is not None:
        raise UserError(f"{file}: restores pictures of {only[1]} x {only[0]} alone")
    return Candidate(file, noise, channels)
