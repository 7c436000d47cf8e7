"""Clouds of points: their shapes, and that no seed moves them."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor

from denoiselab.data import Points
from denoiselab.data.points import OPENING, RADIUS, SPOTS, SPREAD
from denoiselab.degradations import White
from denoiselab.errors import UserError
from denoiselab.supervision import Clean

SIZES = {"train_size": 500, "val_size": 20, "test_size": 30}


def made(**own: Any) -> Points:
    parts = {"cloud": "open_circle", "channels": 2, "batch_size": 10, "seed": 0, **SIZES}
    return Points(degradation=White(std=0.1), test_degradation=White(std=0.1), supervision=Clean(), **(parts | own))


def cloud(name: str, seed: int = 0) -> Tensor:
    data = made(cloud=name, seed=seed)
    data.setup()
    assert [len(data.stores[split]) for split in ("train", "val", "test")] == [500, 20, 30]
    return data.stores["train"].layers["clean"]


def test_the_circle_is_open_at_its_right() -> None:
    points = cloud("open_circle")
    torch.testing.assert_close(points.norm(dim=1), torch.full((500,), RADIUS))
    ends = points[points[:, 0] > 0, 1].abs().min()
    assert OPENING / 2 <= ends < OPENING / 2 + 0.02


def test_the_spiral_winds_outwards() -> None:
    points = cloud("spiral")
    radius = points.norm(dim=1)
    assert 0.45 < radius.max() <= RADIUS
    assert (radius < RADIUS / 2).float().mean() == pytest.approx(0.25, abs=0.06)  # of the length, at about one density


def test_the_spots_are_as_many_and_as_wide() -> None:
    points = cloud("spots")
    places = RADIUS * torch.stack([torch.tensor([angle.cos(), angle.sin()]) for angle in angles()])
    distance, spot = torch.cdist(points, places).min(1)
    assert (spot.bincount(minlength=SPOTS) > 60).all()
    assert (distance.square().mean() / 2).sqrt() == pytest.approx(SPREAD, rel=0.1)


def angles() -> Tensor:
    return torch.arange(SPOTS) * 2 * torch.pi / SPOTS


@pytest.mark.parametrize("name", ["open_circle", "spiral", "spots"])
def test_no_seed_moves_a_cloud_and_splits_differ(name: str) -> None:
    assert torch.equal(cloud(name), cloud(name, seed=1))
    data = made(cloud=name)
    data.setup()
    assert not torch.equal(data.stores["val"].layers["clean"][:20], data.stores["train"].layers["clean"][:20])


@pytest.mark.parametrize(("own", "line"), [({"channels": 3}, "channels=3: points"), ({"val_size": 0}, "val_size=0")])
def test_what_is_no_cloud(own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=re.escape(line)):
        made(**own)
