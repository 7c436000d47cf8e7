"""A restoration that descends: the latent vector of a decoder, for a whole batch at once."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from denoiselab.batch import Observation
from denoiselab.data import TensorData, TensorStore

SIDE, LATENT = 16, 4


class Autoencoder(nn.Module):
    """256-64-4-64-256."""

    latent_dim = LATENT

    def __init__(self) -> None:
        super().__init__()
        pixels = SIDE * SIDE
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(pixels, 64), nn.ReLU(), nn.Linear(64, LATENT))
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, 64), nn.ReLU(), nn.Linear(64, pixels), nn.Unflatten(1, (1, SIDE, SIDE))
        )

    def forward(self, picture: Tensor) -> Tensor:
        return self.decoder(self.encoder(picture))


class Ramps(TensorData):
    """Planes of any slope about mid-gray: three numbers a picture."""

    channels = 1

    def load(self, split: str) -> TensorStore:
        seed, many = {"train": (0, 512), "val": (1, 8), "test": (2, 8)}[split]
        down, across, level = (
            0.3 * torch.rand(3, many, 1, 1, 1, generator=torch.Generator().manual_seed(seed)) - 0.15
        ).unbind()
        axis = torch.linspace(-1, 1, SIDE)
        return TensorStore({"clean": 0.5 + level + down * axis[:, None] + across * axis})

    def take_all(self) -> None:
        """The split is fixed."""


PARTS: dict[str, Any] = {
    "data": {"_target_": f"{__name__}.Ramps", "batch_size": 64},
    "model": {"_target_": f"{__name__}.Autoencoder"},
    "method": {
        "_target_": "denoiselab.methods.LatentPrior",
        "search": {
            "_target_": "denoiselab.methods.latent_search.LevenbergMarquardt",
            "dampings": [0.01, 1.0],
        },
        "tolerance": 1e-6,
        "max_steps": 20,
        "restarts": 2,
    },
}


def test_descent_in_the_latent_space_denoises(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 200, "val_every": 100})
    assert run.metric("val/psnr")[-1] > 30  # the input has 18.6 dB
    assert run.figure("Autoencoder") > run.figure("noisy") + 10
    method = run.method()
    value = 0.5 + 0.05 * torch.randn(3, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        together = method.restore(Observation(value))
        alone = method.restore(Observation(value[1:2]))
    torch.testing.assert_close(together.mean[1:2], alone.mean, atol=1e-4, rtol=0)
    assert all(p.grad is None for p in method.parameters())
