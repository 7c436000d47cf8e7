"""Paired differences against scipy's one-sample t-test."""

import math

import numpy as np
import pytest
from scipy import stats

from denoiselab.report.paired import paired_difference


def test_interval_is_that_of_the_t_test() -> None:
    random = np.random.default_rng(0)
    figures = random.normal(30, 3, 12)
    others = figures - random.normal(0.4, 0.2, 12)
    apart = paired_difference(figures.tolist(), others.tolist(), 0.9)
    known = stats.ttest_1samp(figures - others, 0).confidence_interval(0.9)
    assert (apart.low, apart.high) == pytest.approx((known.low, known.high))
    assert apart.mean == pytest.approx(np.mean(figures) - np.mean(others))


def test_one_picture_has_no_interval() -> None:
    apart = paired_difference([31.0], [30.0])
    assert apart.mean == 1 and math.isnan(apart.low) and math.isnan(apart.high)


def test_what_has_no_partner_is_refused() -> None:
    with pytest.raises(ValueError, match="2 figures can't be paired with 1"):
        paired_difference([1.0, 2.0], [1.0])
