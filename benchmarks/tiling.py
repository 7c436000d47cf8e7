"""What tiling costs, and what it changes, at the precision that `denoise.py` chooses: `python -m benchmarks.tiling`.

The whole picture through the network at once, and in the tiles that `denoise.py` would take, by turns, in one process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import skimage.data
import torch
from torch import Tensor, nn

from benchmarks.bare import CONF, network_of
from benchmarks.cases import Case
from denoiselab.methods import Denoiser
from denoiselab.metrics import psnr
from denoiselab.networks import signature_of
from denoiselab.networks.padding import Restore, restore_whole
from denoiselab.networks.signature import Signature
from denoiselab.objectives import L2
from denoiselab.report.tables import Table
from denoiselab.restore.deploy import deploy
from denoiselab.restore.depth import to_depth, to_network
from denoiselab.restore.tile_size import tile_size
from denoiselab.restore.tiles import restore_tiled

TIMED = ("dncnn", "dudncnn", "unet")
SIDES = (512, 1024, 2048)
ODD, SMALL = (133, 499), 64
"""The picture whose two results are compared, and the side of its tiles: 24 of them, the last ones cut short."""


def network(name: str) -> nn.Module:
    """A network of conf/model for RGB, with weights of seed 0; those that begin as zeros are moved too."""
    torch.manual_seed(0)
    made = network_of(Case(name, name))
    for value in made.parameters():
        value.data.add_(torch.randn_like(value), alpha=0.02)
    return made


def deployed(name: str, device: torch.device, precision: str) -> tuple[Restore, Signature]:
    """A network of conf/model as `denoise.py` runs it."""
    method = Denoiser(network=network(name), objective=L2(), phases=[], seed=0)
    return deploy(method, device, precision, 3), signature_of(method.network)


class Counted:
    """The same function; counts the pixels that go through it."""

    def __init__(self, function: Restore) -> None:
        self.function, self.pixels = function, 0

    def __call__(self, picture: Tensor) -> Tensor:
        self.pixels += picture.shape[-2] * picture.shape[-1]
        return self.function(picture)


def seconds(work: Callable[[], object], device: torch.device) -> float:
    """The user CPU time that some work takes; on a GPU the time until it is done."""
    if device.type == "cuda":
        torch.cuda.synchronize()
        begun = time.perf_counter()
        work()
        torch.cuda.synchronize()
        return time.perf_counter() - begun
    begun = os.times().user
    work()
    return os.times().user - begun


@torch.no_grad()
def cost(name: str, side: int, rounds: int, device: torch.device) -> dict[str, Any]:
    """One row: the time in tiles over the whole picture's, the pixels computed likewise, and their ratio."""
    function, signature = deployed(name, device, "auto")
    tile = tile_size(function, signature, 3, device)
    picture = torch.randint(0, 256, (1, 3, side, side), dtype=torch.uint8, device=device)
    counted = Counted(function)

    def whole() -> Tensor:
        return to_depth(restore_whole(function, to_network(picture), signature), picture.dtype)

    def tiled() -> Tensor:
        return restore_tiled(counted, picture, signature, tile)

    function(to_network(picture[..., :SMALL, :SMALL]))
    ratios = []
    for turn in range(rounds):
        took = {work: seconds(work, device) for work in ((whole, tiled) if turn % 2 else (tiled, whole))}
        ratios.append(took[tiled] / took[whole])
    arithmetic = counted.pixels / rounds / side**2
    return {
        "network": name,
        "picture": f"{side}²",
        "tile": tile,
        "tiled ÷ whole": statistics.median(ratios),
        "from": min(ratios),
        "to": max(ratios),
        "pixels computed ÷ picture's": arithmetic,
        "per pixel computed": statistics.median(ratios) / arithmetic,
    }


@torch.no_grad()
def equality(name: str, device: torch.device) -> dict[str, Any] | None:
    """One row: PSNR between the picture in tiles and at once, at each precision; None without a finite radius.

    The peak is the range of the whole picture's result, for untrained weights make values of any size.
    """
    picture = torch.from_numpy(skimage.data.coffee()[: ODD[0], : ODD[1]].copy()).movedim(-1, 0)[None] / 255
    row: dict[str, Any] = {"network": name}
    for precision in ("32-true", "bf16-mixed"):
        function, signature = deployed(name, device, precision)
        if signature.radius is None or signature.fixed_size is not None:
            return None
        here = picture.to(device)
        tiled, whole = restore_tiled(function, here, signature, SMALL), restore_whole(function, here, signature)
        row |= {"radius": signature.radius, "stride": signature.stride}
        row[f"{precision} dB"] = float(psnr(tiled, whole, peak=float(whole.max() - whole.min())))
    return row


def equalities(device: torch.device) -> Iterator[dict[str, Any]]:
    """The rows of all networks of conf/model that are tiled exactly."""
    for file in sorted(CONF.glob("*.yaml")):
        if (row := equality(file.stem, device)) is not None:
            yield row


def main() -> None:
    """Measure, and write tiling_cost and tiling_equality, each as csv and Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tiling", description=__doc__)
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--output", type=Path, default=Path("outputs/bench"))
    given = parser.parse_args()
    device = torch.device(given.device)
    written(equalities(device), given.output / "tiling_equality")
    costs = (cost(name, side, given.rounds, device) for side in given.sides for name in TIMED)
    written(costs, given.output / "tiling_cost")


def written(rows: Iterable[dict[str, Any]], file: Path) -> None:
    """A table on disk, complete after every row, and printed in the end."""
    found = []
    for row in rows:
        found.append(row)
        table = Table(list(row), found)
        table.to_csv(file.with_suffix(".csv"))
        table.to_markdown(file.with_suffix(".md"))
    table.print()


if __name__ == "__main__":
    main()
