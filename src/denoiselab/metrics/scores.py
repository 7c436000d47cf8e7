"""The running account of an evaluation: pictures come one by one, from several restorers."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from denoiselab.domains import PHOTOGRAPH, Domain
from denoiselab.metrics.lpips import LPIPS
from denoiselab.metrics.protocol import Protocol
from denoiselab.metrics.psnr import decibels, mse
from denoiselab.metrics.ssim import ssim


@dataclass(frozen=True)
class Record:
    """One picture's measurements: mean squared error over `values` numbers, SSIM, and LPIPS where it is measured."""

    error: float
    values: int
    ssim: float
    lpips: float | None


class Scores:
    """Figures of any number of restorers over a test set, under one protocol.

    Every restorer sees the pictures in the set's order: pooling goes by it.

    perceptual: LPIPS, where it is to be measured and its weights are at hand.
    """

    def __init__(self, protocol: Protocol, domain: Domain = PHOTOGRAPH, perceptual: LPIPS | None = None) -> None:
        if domain.peak is None:
            raise ValueError(f"a PSNR of {domain.name} has no meaning: use mse")
        self.protocol, self.domain, self.peak = protocol, domain, domain.peak
        self.perceptual = perceptual
        self._records: dict[str, list[Record]] = {}

    @property
    def name(self) -> str:
        """What the figures go by: the protocol's name."""
        return self.protocol.name

    @property
    def names(self) -> list[str]:
        """The restorers, in the order in which they came."""
        return list(self._records)

    @torch.no_grad()
    def add(self, name: str, restored: Tensor, clean: Tensor) -> dict[str, float]:
        """Enter one picture `(1, C, H, W)` in the domain's own values; returns its mse, psnr and ssim (and lpips).

        The psnr is the picture's own, also where the protocol pools.
        """
        if len(clean) != 1:
            raise ValueError(f"one picture at a time, not {len(clean)}")
        pair = self.protocol.prepare(self.domain.measured(restored), self.domain.measured(clean))
        error, similarity = mse(*pair), ssim(*pair, peak=self.peak)
        looks = None if self.perceptual is None else self.perceptual(*(picture / self.peak for picture in pair))
        record = Record(error.item(), pair[1].numel(), similarity.item(), looks)
        self._records.setdefault(name, []).append(record)
        figures = {"mse": record.error, "psnr": decibels(error, peak=self.peak).item(), "ssim": record.ssim}
        return figures if looks is None else {**figures, "lpips": looks}

    def summary(self, name: str) -> dict[str, float]:
        """One restorer's figures: n (pictures), and the mean of each metric.

        psnr is over the protocol's groups of pictures, mse and ssim over pictures. One exact picture makes the mean
        PSNR inf; one smaller than SSIM's window makes the SSIM nan.
        """
        records = self._records[name]
        figures = {
            "psnr": decibels(self._pooled(records), peak=self.peak),
            "ssim": torch.tensor([r.ssim for r in records], dtype=torch.float64),
            "mse": torch.tensor([r.error for r in records], dtype=torch.float64),
        }
        if self.perceptual is not None:
            figures["lpips"] = torch.tensor([r.lpips for r in records], dtype=torch.float64)
        return {"n": len(records), **{metric: values.mean().item() for metric, values in figures.items()}}

    def _pooled(self, records: list[Record]) -> Tensor:
        size = self.protocol.pool
        groups = [records[i : i + size] for i in range(0, len(records), size)]
        errors = [sum(r.error * r.values for r in group) / sum(r.values for r in group) for group in groups]
        return torch.tensor(errors, dtype=torch.float64)

    def describe(self) -> str:
        """One line that goes with these figures: the protocol, the space and the peak."""
        return f"{self.protocol.describe()}, in {self.domain.measured_in}, peak {self.peak:g}"
