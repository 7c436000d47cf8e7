"""Whitened patches: their spectrum is flat, and no seed moves them."""

from typing import Any

import pytest
import torch

from denoiselab.data import Patches
from denoiselab.data.patches import VARIANCE, whitened
from denoiselab.degradations import White
from denoiselab.errors import UserError
from denoiselab.supervision import Clean

SIZES = {"train_size": 300, "val_size": 20, "test_size": 30}


def made(**own: Any) -> Patches:
    names = {"train": ["camera.png", "coins.png"], "val": ["moon.png"], "test": ["moon.png"]}
    parts = {**names, "side": 12, "channels": 1, "batch_size": 10, "seed": 0, "supervision": Clean(), **SIZES}
    noise = dict.fromkeys(("degradation", "test_degradation"), White(std=0.5))
    return Patches(**(parts | noise | own))


def test_a_spectrum_that_falls_off_becomes_flat() -> None:
    side = 256
    frequency = torch.hypot(torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None])
    noise = torch.fft.rfft2(torch.randn(side, side, generator=torch.Generator().manual_seed(0)))
    natural = torch.fft.irfft2(noise / frequency.clamp_min(1 / side), s=(side, side))
    flat = whitened(0.5 + 0.1 * natural)
    power = torch.fft.rfft2(flat).abs().square()
    bands = [power[(frequency >= low) & (frequency < low + 0.05)].mean() for low in (0.02, 0.1, 0.2)]
    assert max(bands) / min(bands) < 1.3
    assert power[frequency > 0.45].mean() < 0.1 * bands[0]
    assert flat.mean() == pytest.approx(0, abs=1e-6) and flat.var() == pytest.approx(VARIANCE)


def test_patches_are_pieces_of_the_photographs_whatever_the_seed() -> None:
    module, other = made(), made(seed=1)
    for each in (module, other):
        each.setup()
    patches = module.stores["train"].layers["clean"]
    assert patches.shape == (300, 1, 12, 12) and len(patches.unique(dim=0)) > 290
    assert torch.equal(patches, other.stores["train"].layers["clean"])
    assert patches.var() == pytest.approx(VARIANCE, rel=0.5)


@pytest.mark.parametrize(("own", "line"), [({"channels": 3}, "channels=3"), ({"val_size": 0}, "val_size=0")])
def test_what_are_no_patches(own: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError, match=line):
        made(**own)
