"""Two restorers on the same pictures: how far they are apart, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Difference:
    """The mean of each picture's difference, and the ends of its confidence interval; nan for a single picture."""

    mean: float
    low: float
    high: float


def paired_difference(figures: Sequence[float], others: Sequence[float], confidence: float = 0.95) -> Difference:
    """`figures - others`, picture by picture, with Student's interval of the mean.

    Pictures differ far more among themselves than restorers do on one picture: means over a test set with their
    spreads hide what pairs show. The pictures count as a sample of all such pictures.

    Raises:
        ValueError: not as many figures as others, or none.
    """
    from scipy import stats

    if len(figures) != len(others) or not figures:
        raise ValueError(f"{len(figures)} figures can't be paired with {len(others)}")
    apart = np.subtract(figures, others)
    mean = float(apart.mean())
    if len(apart) < 2:
        return Difference(mean, float("nan"), float("nan"))
    reach = float(stats.t.ppf((1 + confidence) / 2, len(apart) - 1) * apart.std(ddof=1) / np.sqrt(len(apart)))
    return Difference(mean, mean - reach, mean + reach)
