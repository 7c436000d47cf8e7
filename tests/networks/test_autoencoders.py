"""The autoencoders of fixed size, against their sources."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks import ConvAutoencoder, DenseAutoencoder, LatentAutoencoder, MNISTUpscaler, signature_of

GRAY = {"in_channels": 1, "out_channels": 1}
MADE = [
    (ConvAutoencoder(**GRAY, num_features=32, latent_dim=8), 8),
    (DenseAutoencoder(**GRAY, side=28, latent_dim=256, slope=0.3), 256),
    (LatentAutoencoder(**GRAY, side=28, hidden_dim=400, latent_dim=20), 20),
]


def printed(channels: int) -> nn.Sequential:
    """The decoder as seed 001 prints it, in front of which stands the latent vector."""
    return nn.Sequential(
        nn.ConvTranspose2d(channels, 32, kernel_size=(4, 4), stride=(1, 1)),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(32, 32, kernel_size=(3, 3), stride=(2, 2)),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(32, 32, kernel_size=(4, 4), stride=(2, 2)),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(32, 32, kernel_size=(5, 5), stride=(1, 1)),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(32, 1, kernel_size=(5, 5), stride=(1, 1)),
    )


@pytest.mark.parametrize(("network", "latent_dim"), MADE)
def test_the_picture_goes_through_the_latent_vector(network: nn.Module, latent_dim: int) -> None:
    x = torch.rand(3, 1, 28, 28)
    z = network.encoder(x)
    assert z.shape == (3, latent_dim) and network.latent_dim == latent_dim
    assert torch.equal(network(x), network.decoder(z))
    assert signature_of(network).fixed_size == (28, 28)


def test_the_convolutional_decoder_is_the_printed_one() -> None:
    network, source, z = MADE[0][0], printed(8), torch.randn(3, 8)
    source.load_state_dict(dict(zip(source.state_dict(), network.decoder.state_dict().values(), strict=True)))
    assert torch.equal(network.decoder(z), source(z[:, :, None, None]))
    kernels = [m.weight.shape[2:] for m in network.encoder if isinstance(m, nn.Conv2d)]
    assert [k[0] for k in kernels] == [5, 5, 4, 3, 4]
    assert sum(isinstance(m, nn.ReLU) for m in network.encoder) == 4


def test_the_upscaler_is_the_printed_one() -> None:
    network, x = MNISTUpscaler(**GRAY, num_features=32), torch.rand(3, 1, 14, 14)
    convs = [nn.Conv2d(1, 32, 5), nn.Conv2d(32, 32, 5), nn.Conv2d(32, 32, 4), nn.Conv2d(32, 32, 3)]
    encoder = nn.Sequential(convs[0], nn.ReLU(), convs[1], nn.ReLU(), convs[2], nn.ReLU(), convs[3])
    source = nn.Sequential(encoder, printed(32))
    source.load_state_dict(dict(zip(source.state_dict(), network.state_dict().values(), strict=True)))
    assert source[0](x).shape == (3, 32, 1, 1) and source(x).shape == (3, 1, 28, 28)
    assert torch.equal(network(x), source(x))


def test_the_dense_one_is_its_formula() -> None:
    network, x = MADE[1][0], torch.rand(3, 1, 28, 28)
    w, b, v, c = network.parameters()
    expected = torch.sigmoid(F.leaky_relu(x.flatten(1) @ w.T + b, 0.3) @ v.T + c)
    torch.testing.assert_close(network(x).flatten(1), expected)
    assert sum(p.numel() for p in network.parameters()) == 784 * 256 + 256 + 256 * 784 + 784
    bound = (6 / (784 + 256)) ** 0.5
    assert not b.any() and 0.99 * bound < w.detach().abs().max() < bound


def test_the_latent_one_has_a_relu_after_every_layer() -> None:
    network, x = MADE[2][0], torch.rand(3, 1, 28, 28)
    h = x.flatten(1)
    for weight, bias in zip(*[iter(network.parameters())] * 2, strict=True):
        h = F.relu(h @ weight.T + bias)
    torch.testing.assert_close(network(x).flatten(1), h)
    assert [p.shape[0] for p in network.parameters() if p.ndim == 2] == [400, 20, 400, 784]


@pytest.mark.parametrize("own", [{"side": 0}, {"hidden_dim": 0}, {"latent_dim": 0}])
def test_sizes_that_nothing_can_be_built_of(own: dict[str, int]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(own))}=0"):
        LatentAutoencoder(**GRAY, **({"side": 28, "hidden_dim": 4, "latent_dim": 2} | own))
