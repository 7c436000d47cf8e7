"""Putting restored tiles together: side by side where they are exact, blended where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from denoiselab.networks.padding import Restore, pad_to
from denoiselab.restore.depth import to_depth, to_network
from denoiselab.restore.spans import Span, finished, ramps


@dataclass
class Job:
    """A picture that is read in bands of rows, cut into tiles, and the function that restores them.

    read: rows [start, stop) of the picture, `(1, C, stop - start, W)` of any dtype.
    rows, columns: the spans of the padded picture.
    """

    function: Restore
    read: Callable[[int, int], Tensor]
    height: int
    rows: list[Span]
    columns: list[Span]
    scale: int

    def band(self, row: Span) -> Tensor:
        """The rows that a row of tiles sees, padded."""
        seen = self.read(row.start, min(row.stop, self.height))
        return pad_to(seen, row.stop - row.start, self.columns[-1].stop)

    def restored(self, band: Tensor) -> Iterator[tuple[Span, Tensor]]:
        """A row of tiles, one after another: its span in the result, and the tile as float on the picture's device."""
        for column in self.columns:
            tile = self.function(to_network(band[..., column.start : column.stop]))
            yield column.times(self.scale), tile.to(band.device)

    def canvas(self, like: Tensor, dtype: torch.dtype, rows: int) -> Tensor:
        """Zeros over all columns, with the channels of a restored tile."""
        return like.new_zeros((1, like.shape[1], rows, self.columns[-1].stop * self.scale), dtype=dtype)


def paste(job: Job) -> Iterator[Tensor]:
    """Each tile's own part, side by side: one row of tiles after another, in the picture's dtype."""
    for row in job.rows:
        band, r = job.band(row), row.times(job.scale)
        strip: Tensor | None = None
        for c, tile in job.restored(band):
            own = tile[..., r.low - r.start : r.high - r.start, c.low - c.start : c.high - c.start]
            strip = job.canvas(own, band.dtype, r.high - r.low) if strip is None else strip
            strip[..., c.low : c.high] = to_depth(own, band.dtype)
        assert strip is not None
        yield strip


def blend(job: Job) -> Iterator[Tensor]:
    """Weighted sums of overlapping tiles: rows as they are finished, in the picture's dtype."""
    line = [row.times(job.scale) for row in job.rows]
    carry: Tensor | None = None
    for row, r, weight, done in zip(job.rows, line, ramps(line), finished(line), strict=True):
        band = job.band(row)
        strip = blended_row(job, band)
        strip *= weight.to(strip)[:, None]
        if carry is not None:
            strip[..., : carry.shape[-2], :] += carry
        if done > r.start:
            yield to_depth(strip[..., : done - r.start, :], band.dtype)
        carry = strip[..., done - r.start :, :]


def blended_row(job: Job, band: Tensor) -> Tensor:
    """`(1, C, rows, W)` one row of tiles as float, blended along the columns."""
    weights = ramps([column.times(job.scale) for column in job.columns])
    strip: Tensor | None = None
    for (c, tile), weight in zip(job.restored(band), weights, strict=True):
        strip = job.canvas(tile, tile.dtype, tile.shape[-2]) if strip is None else strip
        strip[..., c.start : c.stop] += tile * weight.to(tile)
    assert strip is not None
    return strip
