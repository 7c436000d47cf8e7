"""Lost pixels are made of the seen ones by Laplace's equation."""

import pytest
import torch
from skimage import data as photographs

from denoiselab.batch import Observation
from denoiselab.degradations import Bernoulli, BlockMask
from denoiselab.restore.harmonic import Harmonic
from denoiselab.streams import Streams


@pytest.mark.parametrize("size", [16, 17])
def test_a_ramp_is_harmonic(size: int) -> None:
    """Inside of what is seen all around, a linear function is its own membrane."""
    rows, columns = torch.meshgrid(*(torch.linspace(0, 1, size),) * 2, indexing="ij")
    clean, mask = (0.3 * rows + 0.6 * columns)[None, None], torch.ones(1, 1, size, size)
    mask[..., 5:9, 4:9] = 0
    restored = Harmonic().restore(Observation(clean * mask, mask=mask)).mean
    assert torch.equal(restored * mask, clean * mask)
    assert float((restored - clean).abs().max()) < 0.01


@pytest.mark.parametrize(("noise", "least"), [(Bernoulli(p=0.5, refill=False), 27.0), (BlockMask(size=16), 30.0)])
def test_it_restores_a_photograph(noise: Bernoulli | BlockMask, least: float) -> None:
    clean = torch.from_numpy(photographs.astronaut()[:128, 128:256].copy()).permute(2, 0, 1)[None] / 255
    seen = noise(clean, Streams([0]))
    assert float(-10 * (Harmonic().restore(seen).mean - clean).square().mean().log10()) > least


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 3), (17, 9)])
@pytest.mark.parametrize("kept", [0.0, 0.3, 1.0])
def test_any_size_and_any_part(size: tuple[int, int], kept: float) -> None:
    value = torch.rand(2, 3, *size)
    mask = (torch.rand(2, 1, *size) < kept).float()
    restored = Harmonic().restore(Observation(value * mask, mask=mask)).mean
    assert torch.equal(restored * mask, value * mask)
    assert restored.min() >= 0 and restored.max() <= 1
    assert torch.equal(Harmonic().restore(Observation(value)).mean, value)
