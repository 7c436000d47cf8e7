"""Tiles by the network's halo and the free memory; halved where a device has too little."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from denoiselab.networks.signature import Signature
from denoiselab.restore import tile_size as room
from denoiselab.restore.memory import free_mebibytes, told
from denoiselab.restore.tile_size import tile_size
from denoiselab.restore.tiles import LEAST, TILE, restore_tiled

CPU = torch.device("cpu")
HUNGER = 1024


def hungry(tile: Tensor) -> Tensor:
    """Takes 4 KiB a pixel for a while."""
    return tile + torch.zeros(tile[0, 0].numel() * HUNGER).sum()


def identity(tile: Tensor) -> Tensor:
    return tile


def test_a_wide_halo_wants_large_tiles_and_a_narrow_one_the_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_mebibytes", lambda device: 1e6)
    assert tile_size(identity, Signature(radius=10), 3, CPU) == TILE
    assert tile_size(identity, Signature(radius=158, stride=32, divisor=32), 3, CPU) == 6 * 158
    assert tile_size(identity, Signature(fixed_size=(28, 28)), 1, CPU) == TILE


@pytest.mark.skipif(not told(CPU), reason="this system does not tell how much memory is in use")
def test_little_memory_makes_tiles_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_mebibytes", lambda device: 4 * 300.0)
    sized = tile_size(hungry, Signature(radius=10), 3, CPU)
    assert (sized + 20) ** 2 * 4 * HUNGER / 2**20 == pytest.approx(300, rel=0.15)
    monkeypatch.setattr(room, "free_mebibytes", lambda device: 1.0)
    assert tile_size(hungry, Signature(radius=10), 3, CPU) == LEAST


@pytest.mark.skipif(not told(CPU), reason="this system does not tell how much memory is free")
def test_free_memory_is_the_systems() -> None:
    known = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    assert 0 < free_mebibytes(CPU) <= int(known["MemTotal"].split()[0]) / 1024  # type: ignore[operator]


def blur(tile: Tensor) -> Tensor:
    """Radius 2."""
    return torch.nn.functional.avg_pool2d(tile, 5, 1, 2)


@pytest.mark.parametrize(("room", "refused"), [(80, 1), (40, 2)])
@pytest.mark.parametrize("full", [torch.OutOfMemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")])
def test_a_tile_too_large_for_the_device_is_halved_once_and_nothing_changes(
    room: int, refused: int, full: Exception
) -> None:
    seen = []

    def small_device(tile: Tensor) -> Tensor:
        seen.append(max(tile.shape[-2:]))
        if seen[-1] > room:
            raise full
        return blur(tile)

    picture = torch.rand(1, 1, 150, 300, dtype=torch.float64).float()
    restored = restore_tiled(small_device, picture, Signature(radius=2), 128)
    assert torch.equal(restored, restore_tiled(blur, picture, Signature(radius=2), 128))
    assert [side > room for side in seen] == [True] * refused + [False] * (len(seen) - refused)
    assert torch.allclose(restored[..., 2:-2, 2:-2], blur(picture)[..., 2:-2, 2:-2])


def test_a_device_without_any_memory_is_given_up() -> None:
    def none(tile: Tensor) -> Tensor:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        restore_tiled(none, torch.rand(1, 1, 99, 99), Signature(radius=2), 64)
