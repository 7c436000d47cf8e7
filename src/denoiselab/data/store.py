"""Pictures of any sizes in one flat buffer, decoded once; a batch of crops is one gather."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from denoiselab.units import to_float

PAIR = {"shot0", "shot1"}


@dataclass
class Crops:
    """Which windows of which pictures: `(N,)` int64, on the CPU.

    mirror: bit 1 flips the rows, bit 2 the columns, bit 4 transposes; the eight values are the
    eight symmetries of the square.
    colours: `(N, C)` which channel takes each place; None leaves them.
    shots: `(2, N)` uniform in [0, 1), by which two of a burst's shots are drawn, or which of two comes first.
    """

    index: np.ndarray
    top: np.ndarray
    left: np.ndarray
    mirror: np.ndarray
    colours: np.ndarray | None = None
    shots: np.ndarray | None = None


class PictureStore:
    """Aligned layers of pictures (`clean`, `shot0`, `shot1`, ...) as they were stored.

    layers: each `(P, C)`, all pixels of all pictures one after another, uint8 or float32.
    heights, widths: `(n,)` int64. Picture i starts at `offsets[i]`.
    labels: `(n,)` int64, the class of each picture; it goes with its crops as the layer `label`.
    """

    def __init__(
        self,
        layers: dict[str, Tensor],
        heights: np.ndarray,
        widths: np.ndarray,
        names: list[str],
        keys: list[str],
        labels: Tensor | None = None,
    ) -> None:
        self.layers, self.heights, self.widths, self.names, self.keys = layers, heights, widths, names, keys
        self.labels = labels
        sizes = heights * widths
        self.offsets = sizes.cumsum(0) - sizes

    @classmethod
    def of(cls, pictures: dict[str, list[Tensor]], names: list[str], keys: list[str] | None = None) -> PictureStore:
        """Pictures in memory: by layer, each `(H, W, C)`; sizes agree between the layers.

        keys: by content as it was read, where it has been converted since.
        """
        first = next(iter(pictures.values()))
        heights, widths = (np.array([p.shape[i] for p in first], dtype=np.int64) for i in (0, 1))
        layers = {layer: torch.cat([p.reshape(-1, p.shape[2]) for p in items]) for layer, items in pictures.items()}
        return cls(layers, heights, widths, names, keys or [content_key(picture) for picture in first])

    def __len__(self) -> int:
        return len(self.names)

    def describe(self) -> str:
        """How many pictures there are, and pixels in all."""
        return f"{len(self)} ({(self.heights * self.widths).sum() / 1e6:.1f} Mpx)"

    def to(self, device: torch.device) -> PictureStore:
        """Move the buffers where they fit, into half of a GPU's free memory; else they stay, and crops are moved."""
        if device.type == "cuda":
            needed = sum(buffer.nbytes for buffer in self.layers.values() if buffer.device != device)
            if needed > torch.cuda.mem_get_info(device)[0] / 2:
                return self
        self.layers = {layer: buffer.to(device) for layer, buffer in self.layers.items()}
        return self

    def crops(self, windows: Crops, size: int, device: torch.device) -> dict[str, Tensor]:
        """Square windows of every layer, turned and mirrored: float `(N, C, size, size)` on a device.

        A mirrored or turned window is an affine walk through the buffer, so that cropping and all
        eight symmetries are one gather. The result is channels-last in memory.
        """
        place = next(iter(self.layers.values())).device
        start, down, right = moved(torch.from_numpy(self._walks(windows, size)), place)[..., None, None]
        walk = torch.arange(size, device=place)
        where = start + walk[:, None] * down + walk * right
        gathered = {layer: buffer[where] for layer, buffer in self.layers.items()}
        if windows.colours is not None:
            colours = moved(torch.from_numpy(windows.colours), place)[:, None, None]
            gathered = {layer: pixels.take_along_dim(colours, -1) for layer, pixels in gathered.items()}
        crops = {layer: to_float(moved(pixels, device)).permute(0, 3, 1, 2) for layer, pixels in gathered.items()}
        if windows.shots is not None and crops.keys() >= PAIR and "aux" not in crops:  # aux goes with the first shot
            swapped = moved(torch.from_numpy(windows.shots[0] < 0.5), device)[:, None, None, None]
            one, other = crops["shot0"], crops["shot1"]
            crops |= {"shot0": torch.where(swapped, other, one), "shot1": torch.where(swapped, one, other)}
        return crops | {k: moved(labels, device) for k, labels in self._label(torch.from_numpy(windows.index)).items()}

    def _walks(self, windows: Crops, size: int) -> np.ndarray:
        """`(3, N)` for each window the place of its first pixel in the buffer, and the steps down and to the right."""
        width = self.widths[windows.index]
        start = self.offsets[windows.index] + windows.top * width + windows.left
        down, right = width, np.ones_like(width)
        rows, columns, turned = (windows.mirror & bit > 0 for bit in (1, 2, 4))
        start = start + rows * (size - 1) * down + columns * (size - 1) * right
        down, right = np.where(rows, -down, down), np.where(columns, -right, right)
        return np.stack((start, np.where(turned, right, down), np.where(turned, down, right)))

    def sample(self, i: int) -> dict[str, Tensor]:
        """Picture i of every layer, whole: float `(1, C, H, W)`; and its label `(1,)`, where there is one."""
        whole = {layer: to_float(self._view(layer, i)).permute(2, 0, 1)[None] for layer in self.layers}
        return whole | self._label(torch.tensor([i]))

    def middle(self, side: int) -> PictureStore:
        """The middle square of every picture, or what there is of it, as a store in memory."""
        cut = {
            layer: [centre(self._view(layer, i).movedim(-1, 0), side).movedim(0, -1) for i in range(len(self))]
            for layer in self.layers
        }
        return PictureStore.of(cut, self.names)

    def _label(self, index: Tensor) -> dict[str, Tensor]:
        return {} if self.labels is None else {"label": self.labels[index]}

    def _view(self, layer: str, i: int) -> Tensor:
        height, width, start = int(self.heights[i]), int(self.widths[i]), int(self.offsets[i])
        return self.layers[layer][start : start + height * width].view(height, width, -1)


def centre(picture: Tensor, side: int) -> Tensor:
    """The middle square of `(..., H, W)`, or what there is of it."""
    top, left = (max(0, (size - side) // 2) for size in picture.shape[-2:])
    return picture[..., top : top + side, left : left + side]


def moved(pixels: Tensor, device: torch.device) -> Tensor:
    """As they are stored, to where the batch is; without waiting for a GPU."""
    if pixels.device.type == "cpu" and device.type == "cuda":
        pixels = pixels.pin_memory()
    return pixels.to(device, non_blocking=True)


def content_key(picture: Tensor) -> str:
    """A name for the content of a picture `(H, W, C)`: its noise in tests, and its twin in another set."""
    head = f"{tuple(picture.shape)}".encode()
    return hashlib.blake2b(head + picture.contiguous().numpy().tobytes(), digest_size=8).hexdigest()
