"""The variants of MNIST that stacked autoencoders were compared on, generated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import pi
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data.installed import gray_photographs, squares
from denoiselab.data.mnist_files import MNISTFiles, labelled
from denoiselab.data.pictures import PictureData
from denoiselab.data.shapes import CONVEX, SIDE, collected, convex_sets, non_convex_sets, rectangles, sides
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError
from denoiselab.streams import Streams, mix
from denoiselab.units import to_float, to_uint8

Variant = Literal["basic", "rot", "bg-rand", "bg-img", "bg-img-rot", "rect", "rect-img", "convex"]
SIZES = {"rect": (1_000, 200, 50_000), "convex": (6_000, 2_000, 50_000)}
"""Training, validation and test pictures; of the others `USUAL`."""
USUAL = (10_000, 2_000, 50_000)
KINDS = {
    "rect": "wide and tall rectangles",
    "rect-img": "wide and tall rectangles",
    "convex": "convex and other sets",
}
TEXTURE = 0.05
"""The standard deviation that a background has at least."""


class MNISTVariant(PictureData):
    """Larochelle et al. 2007 (ICML), in the sizes that they published; the same whatever the seed.

    basic: digits of all 70 000. rot: turned by any angle. bg-rand: on uniform noise. bg-img: on pieces of photographs.
    bg-img-rot: both. rect: the border of a rectangle; class 1 is tall, 0 wide. rect-img: a rectangle of one
    photograph on another. convex: white sets; class 1 is convex.

    On a background the lighter of digit and background is seen. The source's photographs, twenty of the internet,
    aren't published; ours are others, so the error rates of the three variants with them compare among our methods.

    root: see `MNISTFiles`.
    part: of the published test pictures that are taken, for a quick look.
    backgrounds: file names of photographs in `skimage/data`.
    """

    together: ClassVar[int] = 250

    def __init__(
        self, *, root: str | None, variant: Variant, part: float, backgrounds: Sequence[str], **shared: Any
    ) -> None:
        super().__init__(**shared)
        if not 0 < part <= 1:
            raise UserError(f"part={part}: a part of the test pictures above 0, up to 1, is needed")
        self.files, self.variant, self.part = MNISTFiles(root, "MNIST"), variant, part
        self.backgrounds = backgrounds
        self.kinds = KINDS.get(variant, "ten digits")

    def take_all(self) -> None:
        """The splits are fixed."""

    def load(self, split: str) -> PictureStore:
        sizes = SIZES.get(self.variant, USUAL)
        place = ("train", "val", "test").index(split)
        many = max(1, round(sizes[place] * (self.part if split == "test" else 1)))
        streams = Streams([mix(self.variant, split)])
        if self.variant == "convex":
            pictures, labels = convex(streams, many)
        elif self.variant in ("rect", "rect-img"):
            pictures, labels = self.rectangular(streams, many)
        else:
            pictures, labels = self.digits(streams, sum(sizes[:place]), many)
        names = [f"{self.variant} {split}[{i}]" for i in range(many)]
        return labelled(to_uint8(pictures), labels, names, self.channels)

    def digits(self, streams: Streams, begin: int, many: int) -> tuple[Tensor, Tensor]:
        """Digits in an order that was drawn once, from one on, as the variant shows them."""
        parts = [self.files.read(part) for part in ("train", "t10k")]
        pictures, labels = (torch.cat(both) for both in zip(*parts, strict=True))
        order = sorted(range(len(pictures)), key=lambda i: mix("variant", i))[begin : begin + many]
        shown = to_float(pictures[order])
        if self.variant in ("rot", "bg-img-rot"):
            shown = turned(shown, 2 * pi * streams.uniform(many)[0])
        if self.variant == "bg-rand":
            shown = torch.maximum(shown, streams.uniform(many, SIDE, SIDE)[0])
        if self.variant in ("bg-img", "bg-img-rot"):
            shown = torch.maximum(shown, self.textures(streams, many))
        return shown, labels[order].long()

    def rectangular(self, streams: Streams, many: int) -> tuple[Tensor, Tensor]:
        """Rectangles: drawn, or of photographs."""
        if self.variant == "rect":
            _, border, tall = rectangles(streams, sides(lambda h, w: abs(h - w) >= 3), many)
            return border.float(), tall.long()
        area = SIDE * SIDE
        allowed = sides(lambda h, w: abs(h - w) >= 5 and min(h, w) >= 10 and area <= 4 * h * w <= 3 * area)
        filled, _, tall = rectangles(streams, allowed, many)
        return torch.where(filled, self.textures(streams, many), self.textures(streams, many)), tall.long()

    def textures(self, streams: Streams, many: int) -> Tensor:
        """Pieces of the photographs that are not plain: `(n, SIDE, SIDE)` in [0, 1]."""
        photographs = gray_photographs(self.backgrounds, "backgrounds")

        def pieces() -> Iterator[Tensor]:
            while True:
                some = torch.cat([squares(photograph, streams, 1000, SIDE) for photograph in photographs])
                some = some[streams.uniform(len(some))[0].argsort()]
                yield some[some.flatten(1).std(1) >= TEXTURE]

        return collected(many, pieces())


def turned(pictures: Tensor, angle: Tensor) -> Tensor:
    """Each of `(n, SIDE, SIDE)` turned about its middle by its angle `(n,)`, in radians."""
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    matrix = torch.stack((torch.stack((cos, -sin, zero), 1), torch.stack((sin, cos, zero), 1)), 1)
    grid = F.affine_grid(matrix, [len(pictures), 1, SIDE, SIDE], align_corners=False)
    return F.grid_sample(pictures[:, None], grid, align_corners=False)[:, 0]


def convex(streams: Streams, many: int) -> tuple[Tensor, Tensor]:
    """Half of the sets convex, half not, in a random order."""
    whole = many // 2
    sets = torch.cat((convex_sets(streams, whole, *CONVEX), non_convex_sets(streams, many - whole)))
    order = streams.uniform(many)[0].argsort()
    return sets[order].float(), (order < whole).long()
