"""Tiled equals whole, to the rounding of float64."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.config import build
from denoiselab.errors import UserError
from denoiselab.networks.padding import restore_whole
from denoiselab.networks.signature import Signature, signature_of
from denoiselab.restore import restore_tiled
from denoiselab.restore.spans import ramps, spans

SIZES = [(37, 53), (1, 70), (70, 1), (1, 1), (64, 64)]
MODELS = sorted((Path(__file__).parents[2] / "conf" / "model").glob("*.yaml"))


def stack(dilation: int = 1) -> nn.Sequential:
    layers = [(3, 5), (5, 5), (5, 3)]
    convs = [nn.Conv2d(i, o, 3, padding=dilation, dilation=dilation) for i, o in layers]
    return nn.Sequential(convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2])


class Pooled(nn.Module):
    """Two poolings, a convolution and nearest upsampling; with `inside` it pads by itself."""

    def __init__(self, inside: bool) -> None:
        super().__init__()
        self.inside = inside
        self.down = nn.Conv2d(3, 5, 3, padding=1)
        self.deep = nn.Conv2d(5, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        padded = F.pad(x, (0, -width % 4, 0, -height % 4)) if self.inside else x
        h = F.max_pool2d(F.max_pool2d(self.down(padded).relu(), 2), 2)
        return x + F.interpolate(self.deep(h), scale_factor=4.0)[..., :height, :width]


class Eighth(nn.Module):
    """Strided by 8; refuses sizes that 8 does not divide."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.up = nn.Conv2d(3, 6, 8, stride=8), nn.ConvTranspose2d(6, 3, 8, stride=8)

    def forward(self, x: Tensor) -> Tensor:
        assert x.shape[-1] % 8 == x.shape[-2] % 8 == 0
        return self.up(self.down(x).tanh())


TOYS: dict[str, tuple[Callable[[], nn.Module], Signature]] = {
    "stack": (stack, Signature(radius=3)),
    "dilated": (lambda: stack(4), Signature(radius=12)),
    "pooled": (lambda: Pooled(True), Signature(radius=9, stride=4)),
    "pooled, padded outside": (lambda: Pooled(False), Signature(radius=9, stride=4, divisor=4)),
    "eighth": (Eighth, Signature(radius=7, stride=8, divisor=8)),
    "threefold": (
        lambda: nn.Sequential(nn.Conv2d(3, 27, 3, padding=1), nn.PixelShuffle(3)),
        Signature(radius=1, scale=3),
    ),
}


@pytest.mark.parametrize("tile", [8, 11, 32, 512])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("toy", TOYS)
def test_tiled_is_whole(toy: str, size: tuple[int, int], tile: int) -> None:
    make, signature = TOYS[toy]
    network, picture = make().double(), torch.rand(1, 3, *size, dtype=torch.float64)
    tiled = restore_tiled(network, picture, signature, tile)
    assert tiled.shape[-2:] == (size[0] * signature.scale, size[1] * signature.scale)
    torch.testing.assert_close(tiled, restore_whole(network, picture, signature), rtol=0, atol=1e-12)


@pytest.mark.parametrize("toy", ["stack", "dilated", "pooled"])
def test_a_halo_too_small_is_seen(toy: str) -> None:
    make, signature = TOYS[toy]
    network, picture = make().double(), torch.rand(1, 3, 64, 64, dtype=torch.float64)
    short = Signature(radius=0, stride=1, divisor=signature.divisor)
    off = restore_tiled(network, picture, short, 11) - restore_whole(network, picture, signature)
    assert off.abs().max() > 1e-6


def test_a_grid_too_fine_is_seen() -> None:
    """Blocks of 4 that are cut at 11 are other blocks."""
    network, picture = Pooled(True).double(), torch.rand(1, 3, 64, 64, dtype=torch.float64)
    off = restore_tiled(network, picture, Signature(radius=9), 11) - restore_whole(network, picture, Signature())
    assert off.abs().max() > 1e-6


@pytest.fixture(params=MODELS, ids=lambda path: path.stem)
def model(request: pytest.FixtureRequest) -> nn.Module:
    """A network of conf/model, small, with every parameter and statistic away from where it starts."""
    node: Any = OmegaConf.to_container(OmegaConf.load(request.param))
    node.pop("defaults", None)
    if isinstance(node.get("num_features"), int):
        node["num_features"] = 4
    network: nn.Module = build(node, "model", trust=False, in_channels=3, out_channels=3)
    with torch.no_grad():
        for value in network.parameters():
            value.normal_(0, 0.3)
        for name, value in network.named_buffers():
            if value.is_floating_point():
                value.uniform_(0.5, 1.5) if name.endswith("var") else value.normal_(0, 0.3)
    return network.double().eval()


@torch.no_grad()
def test_a_model_of_conf_is_tiled_as_whole(model: nn.Module) -> None:
    signature = signature_of(model)
    beyond = [] if signature.radius is None else [(24, 2 * signature.radius + 100)]
    for size in [signature.fixed_size] if signature.fixed_size else [*SIZES, *beyond]:
        picture = torch.rand(1, 3, *size, dtype=torch.float64)
        tiled = restore_tiled(model, picture, signature, 16)
        assert tiled.isfinite().all()
        assert tiled.shape[-2:] == (size[0] * signature.scale, size[1] * signature.scale)
        if signature.radius is not None and signature.fixed_size is None:
            whole = restore_whole(model, picture, signature)
            torch.testing.assert_close(tiled, whole, rtol=1e-10, atol=1e-10 * float(whole.abs().max()))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16])
@pytest.mark.parametrize("radius", [3, None])
def test_stored_pixels_become_float_a_tile_at_a_time(dtype: torch.dtype, radius: int | None) -> None:
    seen = []

    def identity(tile: Tensor) -> Tensor:
        seen.append(tile.numel())
        assert tile.dtype == torch.float32
        assert 0 <= tile.min() <= tile.max() <= 1
        return tile

    picture = (torch.rand(1, 3, 200, 300) * torch.iinfo(dtype).max).to(dtype)
    restored = restore_tiled(identity, picture, Signature(radius=radius), 16)
    assert restored.dtype == dtype
    assert torch.equal(restored, picture)
    halo = 64 if radius is None else radius
    assert max(seen) == 3 * (16 + 2 * halo) ** 2


def test_unbounded_is_blended_without_a_seam() -> None:
    """Tiles that differ by a constant each end in a ramp, no step."""
    count = iter(range(1000))
    flat = restore_tiled(lambda t: torch.full_like(t, next(count)), torch.rand(1, 1, 8, 900), Signature(), 300)
    assert flat.min() == 0
    assert flat.max() == 2
    assert (flat[..., 1:] - flat[..., :-1]).max() <= 1 / 128
    torch.testing.assert_close(flat, flat[..., :1, :].expand_as(flat))


@pytest.mark.parametrize("scale", [1, 2])
def test_unbounded_within_one_tile_is_whole(scale: int) -> None:
    def normalised(tile: Tensor) -> Tensor:
        return (tile - tile.mean()).repeat_interleave(scale, -1).repeat_interleave(scale, -2)

    picture, signature = torch.rand(1, 3, 37, 53, dtype=torch.float64), Signature(divisor=4, scale=scale)
    torch.testing.assert_close(
        restore_tiled(normalised, picture, signature, 64), restore_whole(normalised, picture, signature)
    )


def test_a_network_of_one_size_is_given_that_size_whole_or_nothing() -> None:
    def identity(tile: Tensor) -> Tensor:
        assert tile.shape[-2:] == (17, 16)
        return tile

    signature, picture = Signature(fixed_size=(17, 16)), torch.rand(1, 3, 17, 16)
    torch.testing.assert_close(restore_tiled(identity, picture, signature, 8), picture)
    for size in ((1, 1), (16, 17), (34, 32)):
        with pytest.raises(UserError, match=rf"{size[1]} x {size[0]}: this network takes 16 x 17 alone"):
            restore_tiled(identity, torch.rand(1, 3, *size), signature)


@pytest.mark.parametrize("line", [spans(1000, 100, 64, 8), spans(7, 512, 64, 1)])
def test_weights_are_one_in_sum(line: list[Any]) -> None:
    total = torch.zeros(line[-1].stop, dtype=torch.float64)
    for span, weight in zip(line, ramps(line), strict=True):
        assert (weight > 0).all()
        total[span.start : span.stop] += weight
    torch.testing.assert_close(total, torch.ones_like(total))


def test_spans_lie_on_the_grid_and_cover_once() -> None:
    line = spans(203, 50, 9, 4)
    assert [s.start % 4 for s in line] == [0] * len(line)
    assert [i for s in line for i in range(s.low, s.high)] == list(range(203))
    assert all(s.start <= max(s.low - 9, 0) and s.stop >= min(s.high + 9, 203) for s in line)


def test_no_graph_is_kept_and_wrong_calls_are_refused() -> None:
    picture = torch.rand(1, 3, 8, 8)
    assert not restore_tiled(stack(), picture, Signature(radius=3)).requires_grad
    with pytest.raises(UserError, match="tile=0"):
        restore_tiled(stack(), picture, Signature(radius=3), 0)
    with pytest.raises(ValueError, match="one picture"):
        restore_tiled(stack(), picture.repeat(2, 1, 1, 1), Signature(radius=3))
