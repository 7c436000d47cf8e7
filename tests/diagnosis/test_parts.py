"""The parts of the estimate against closed forms."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.fft import dctn

from denoiselab.diagnosis.blocks import BASIS, blocks_of
from denoiselab.diagnosis.clipping import clipped_moments, part_cut, unclipped
from denoiselab.diagnosis.flat import neighbours, usual, whiteness
from denoiselab.diagnosis.line import Line, Points


def test_energies_are_those_of_the_dct() -> None:
    picture = np.random.default_rng(0).random((16, 20, 2), np.float32)
    blocks = blocks_of([picture])
    assert blocks.means.shape == (9 * 13, 2)
    block = picture[2:10, 5:13, 1]  # the third row of blocks, the sixth in it
    assert_allclose(blocks.energies[2 * 13 + 5, 1], dctn(block, norm="ortho") ** 2, atol=1e-5)
    assert blocks.means[2 * 13 + 5, 1] == pytest.approx(block.mean(), abs=1e-6)


def test_neighbours_of_a_known_process() -> None:
    """Autoregressive noise, whose neighbours have the correlation r, with its covariance taken to the blocks' DCT."""
    for r in (0.0, 0.3, 0.7):
        line = r ** np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
        variances = np.diag(BASIS @ line @ BASIS.T)
        assert neighbours(np.outer(variances, variances)) == pytest.approx(r, abs=0.04)
    assert whiteness(np.ones((2, 8, 8))) == pytest.approx(1)


def test_texture_at_some_frequencies_is_no_strength_of_the_noise() -> None:
    """Noise of one spectrum, four times as strong in the light; and texture that rises thirtyfold there."""
    strength, shape = np.array([1.0, 1.5, 2.5, 4.0, 2.0]), 0.9 ** np.add.outer(np.arange(8), np.arange(8))
    spectrum = strength[:, None, None] * shape
    assert_allclose(usual(spectrum), strength * shape.mean())
    spectrum[:, :5, :5] += np.array([0, 1, 5, 30, 3])[:, None, None]
    assert_allclose(usual(spectrum) / usual(spectrum)[0], strength)


@pytest.mark.parametrize(("mean", "std"), [(0.5, 0.1), (0.1, 0.1), (0.9, 0.3), (0.0, 0.05), (0.4, 0.4)])
def test_clipping_and_back(mean: float, std: float) -> None:
    values = np.random.default_rng(0).normal(mean, std, 400_000).clip(0, 1)
    assert clipped_moments(mean, std) == pytest.approx((values.mean(), values.std()), abs=2e-3)
    assert unclipped(*clipped_moments(mean, std)) == pytest.approx((mean, std), rel=0.01, abs=1e-3)


def test_nothing_is_cut_where_values_lie_beyond() -> None:
    values = np.float32([[0, 0.5, 1, 1]])
    assert part_cut([values, values[:, :1]]) == 0.8
    assert part_cut([values, values + 0.1]) == 0


def test_a_line_is_found_below_what_lies_above_it() -> None:
    intensity = np.linspace(0.1, 0.9, 12)
    variance = 0.001 + 0.01 * intensity
    variance[[2, 5, 9]] *= 4  # texture
    found = Points(intensity, variance, below=0.4)
    assert found.line().black == pytest.approx(0.001) and found.line().slope == pytest.approx(0.01)
    assert found.level().slope == 0
    assert Line(-0.1, 0)(0.5) > 0
