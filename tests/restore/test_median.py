"""The median filter, whose window follows the part of the pixels that was replaced."""

import pytest
import torch
from skimage import data as photographs

from denoiselab.batch import Observation
from denoiselab.degradations import Degradation, Impulse, SaltAndPepper
from denoiselab.restore.median import Median
from denoiselab.streams import Streams


def test_a_lonely_impulse_is_gone_and_an_edge_stays() -> None:
    clean = torch.zeros(1, 2, 9, 9)
    clean[..., 4:] = 1
    value = clean.clone()
    value[0, 0, 2, 2], value[0, 1, 6, 7] = 1, 0
    assert torch.equal(Median().restore(Observation(value, level=torch.tensor([0.02]))).mean, clean)
    assert torch.equal(Median().restore(Observation(value)).mean, clean)


@pytest.mark.parametrize(
    ("noise", "least"), [(SaltAndPepper(p=0.1, low=0.0, high=1.0), 12.0), (Impulse(p=0.4), 7.0), (Impulse(p=0.7), 4.0)]
)
def test_it_gains_on_a_photograph(noise: Degradation, least: float) -> None:
    clean = torch.from_numpy(photographs.astronaut()[:128, 128:256].copy()).permute(2, 0, 1)[None] / 255
    seen = noise(clean, Streams([0]))
    before, after = ((p - clean).square().mean().log10() for p in (seen.value, Median().restore(seen).mean))
    assert float(10 * (before - after)) > least


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 3), (17, 9)])
def test_any_size_and_each_its_own_level(size: tuple[int, int]) -> None:
    value, levels = torch.rand(2, 3, *size), torch.tensor([0.1, 0.9])
    both = Median().restore(Observation(value, level=levels), n=2)
    alone = Median().restore(Observation(value[1:], level=levels[1:])).mean
    assert both.samples is None and torch.equal(both.mean[1:], alone)
