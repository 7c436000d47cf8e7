"""DRUNet against the published one's size, its layers written out, and what a network without biases keeps."""

import pytest
import torch
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks import DRUNet
from denoiselab.networks.drunet import Block


def made(*widths: int, in_channels: int = 3) -> DRUNet:
    """In float64, with weights that are heard."""
    torch.manual_seed(0)
    network = DRUNet(in_channels=in_channels, out_channels=3, widths=widths, blocks=2).double()
    for name, value in network.named_parameters():
        torch.nn.init.normal_(value, std=0.2 if name.startswith("tail") else value[0].numel() ** -0.5)
    return network


def test_the_published_size() -> None:
    # drunet_color of arXiv:2008.13751: the picture and a map of the level, 4 blocks of 64, 128, 256, 512
    network = DRUNet(in_channels=4, out_channels=3, widths=[64, 128, 256, 512], blocks=4)
    assert sum(p.numel() for p in network.parameters()) == 32_640_960
    assert not any("bias" in name for name, _ in network.named_parameters())


def test_the_layers_written_out() -> None:
    network, x = made(2, 4), torch.rand(1, 3, 8, 6, dtype=torch.float64)

    def blocks(h: torch.Tensor, *several: object) -> torch.Tensor:
        for block in several:
            assert isinstance(block, Block)
            inner = F.leaky_relu(F.conv2d(h, block.first.weight, padding=1), 0.1)
            h = h + F.conv2d(inner, block.last.weight, padding=1)
        return h

    fine = blocks(F.conv2d(x, network.head.weight, padding=1), *network.before[0])
    coarse = blocks(F.conv2d(fine, network.down[0].weight, stride=2), *network.bottom)
    fine = blocks(fine + F.conv_transpose2d(coarse, network.up[0].weight, stride=2), *network.after[0])
    torch.testing.assert_close(network(x), x + F.conv2d(fine, network.tail.weight, padding=1))


def test_k_times_the_input_gives_k_times_the_output() -> None:
    network, x = made(4, 8, 12), torch.randn(2, 3, 12, 16, dtype=torch.float64)
    torch.testing.assert_close(network(7 * x), 7 * network(x))
    assert not torch.allclose(network(-x), -network(x))


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"widths": [], "blocks": 1}, "widths=[], blocks=1: DRUNet needs"),
        ({"widths": [8, 0], "blocks": 1}, "widths=[8, 0], blocks=1: DRUNet needs"),
        ({"widths": [8], "blocks": 0}, "widths=[8], blocks=0: DRUNet needs"),
        ({"widths": [8], "blocks": 1, "out_channels": 4}, "out_channels=4: DRUNet adds to its input"),
    ],
)
def test_sizes_that_make_no_network(sizes: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said.replace("[", r"\[")):
        DRUNet(**{"in_channels": 3, "out_channels": 3, **sizes})  # type: ignore[arg-type]


def test_a_size_off_the_grid() -> None:
    with pytest.raises(UserError, match="input of 8×9: DRUNet takes multiples of 4"):
        made(2, 2, 2)(torch.zeros(1, 3, 8, 9, dtype=torch.float64))
