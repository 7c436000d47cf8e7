"""Rectangles and convex sets: against their definitions, and against what their source says of them."""

import pytest
import torch
from skimage.morphology import convex_hull_image

from denoiselab.data.shapes import (
    CONVEX,
    SIDE,
    convex_sets,
    is_convex,
    non_convex_sets,
    rectangles,
    sides,
)
from denoiselab.streams import Streams


def test_a_rectangle_is_filled_with_a_border_of_one_pixel() -> None:
    allowed = sides(lambda h, w: abs(h - w) >= 3)
    filled, border, tall = rectangles(Streams(["a"]), allowed, 300)
    heights, widths = filled.any(2).sum(1), filled.any(1).sum(1)
    assert {*zip(heights.tolist(), widths.tolist(), strict=True)} <= {*allowed}
    assert torch.equal(filled.flatten(1).sum(1), heights * widths)
    inside = (heights - 2).clamp(min=0) * (widths - 2).clamp(min=0)
    assert torch.equal(border.flatten(1).sum(1), heights * widths - inside)
    assert torch.equal(tall, heights > widths) and 0.4 < tall.float().mean() < 0.6
    assert filled.any(0).all(), "anywhere in the picture"


def test_half_planes_cut_convex_sets() -> None:
    sets = convex_sets(Streams(["a"]), 300, *CONVEX)
    assert is_convex(sets).all()
    assert sets.flatten(1).sum(1).min() >= CONVEX[1]
    wide = sets[(sets.any(1).sum(1) > 2) & (sets.any(2).sum(1) > 2)][:30]
    hulls = [torch.from_numpy(convex_hull_image(one.numpy(), offset_coordinates=False)) for one in wide]
    assert torch.equal(torch.stack(hulls), wide)


def test_what_is_not_convex() -> None:
    sets = torch.zeros(4, SIDE, SIDE, dtype=torch.bool)
    sets[0, 3:9, 4:20] = True
    sets[1, 3:9, 4:20], sets[1, 5, 7] = True, False
    sets[2, 3, 4], sets[2, 5, 24] = True, True
    sets[3, 20, 3:], sets[3, 4:20, 27] = True, True
    assert is_convex(sets).tolist() == [True, False, False, False]


def test_the_two_classes_have_as_many_pixels_in_the_mean() -> None:
    whole, pieces = convex_sets(Streams(["a"]), 2000, *CONVEX), non_convex_sets(Streams(["b"]), 2000)
    assert not is_convex(pieces).any()
    assert float(pieces.float().mean()) == pytest.approx(float(whole.float().mean()), rel=0.15)
