"""Putting restored tiles together: side by side where they are exact, blended where they are not."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from denoiselab.networks.padding import Restore
from denoiselab.restore.depth import to_depth, to_network
from denoiselab.restore.spans import Span, finished, ramps


@dataclass
class Job:
    """A padded picture `(1, C, H, W)` of any dtype, cut into tiles, and the function that restores them."""

    function: Restore
    padded: Tensor
    rows: list[Span]
    columns: list[Span]
    scale: int

    def restored(self, row: Span, column: Span) -> Tensor:
        """One restored tile as float, on the picture's device."""
        seen = self.padded[..., row.start : row.stop, column.start : column.stop]
        return self.function(to_network(seen)).to(self.padded.device)

    def placed(self, line: list[Span]) -> list[tuple[Span, Span]]:
        """Spans of the picture with those of the result."""
        return [(span, span.times(self.scale)) for span in line]

    def canvas(self, like: Tensor, dtype: torch.dtype, rows: int | None = None) -> Tensor:
        """Zeros over all columns, with the channels of a restored tile."""
        height, width = (side * self.scale for side in self.padded.shape[-2:])
        return like.new_zeros((1, like.shape[1], rows or height, width), dtype=dtype)


def paste(job: Job) -> Tensor:
    """Each tile's own part, side by side."""
    out: Tensor | None = None
    for row, r in job.placed(job.rows):
        for column, c in job.placed(job.columns):
            tile = job.restored(row, column)
            own = tile[..., r.low - r.start : r.high - r.start, c.low - c.start : c.high - c.start]
            out = job.canvas(own, job.padded.dtype) if out is None else out
            out[..., r.low : r.high, c.low : c.high] = to_depth(own, job.padded.dtype)
    assert out is not None
    return out


def blend(job: Job) -> Tensor:
    """Weighted sums of overlapping tiles, one row of tiles after another."""
    placed = job.placed(job.rows)
    line = [r for _, r in placed]
    out: Tensor | None = None
    carry: Tensor | None = None
    for (row, r), weight, done in zip(placed, ramps(line), finished(line), strict=True):
        strip = blended_row(job, row)
        strip *= weight.to(strip)[:, None]
        if carry is not None:
            strip[..., : carry.shape[-2], :] += carry
        out = job.canvas(strip, job.padded.dtype) if out is None else out
        out[..., r.start : done, :] = to_depth(strip[..., : done - r.start, :], job.padded.dtype)
        carry = strip[..., done - r.start :, :]
    assert out is not None
    return out


def blended_row(job: Job, row: Span) -> Tensor:
    """`(1, C, rows, W)` one row of tiles as float, blended along the columns."""
    placed = job.placed(job.columns)
    strip: Tensor | None = None
    for (column, c), weight in zip(placed, ramps([c for _, c in placed]), strict=True):
        tile = job.restored(row, column)
        strip = job.canvas(tile, tile.dtype, tile.shape[-2]) if strip is None else strip
        strip[..., c.start : c.stop] += tile * weight.to(tile)
    assert strip is not None
    return strip
