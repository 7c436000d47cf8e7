"""The error of a restored picture whose clean version nobody has."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

STEP = 0.1
"""How far a picture is moved to see how its restored one follows, in standard deviations of its noise."""


def sure(restore: Callable[[Tensor], Tensor], noisy: Tensor, variance: Tensor, signs: Tensor) -> tuple[Tensor, Tensor]:
    """What an observation is restored to, and an estimate of the mean squared error, `(N, C, H, W)` -> `(N,)`.

    mean((f(y) − y)² − v + 2 v b (f(y + εb) − f(y)) / ε): Stein's unbiased risk estimate (Stein 1981), its divergence by
    one draw of signs (Ramani, Blu and Unser 2008, "Monte-Carlo SURE"). Unbiased for whatever restores, over draws of
    Gaussian noise that is independent from pixel to pixel and of known variance. It knows nothing of how a picture
    looks. Where the variance is wrong by p %, the estimate is wrong by p % of the *noisy* picture's error, for all
    restorers of that picture about alike; noise that neighbours share, or that was clipped, isn't accounted for.
    It may come out below zero: the error is less than the estimate can see.

    restore: the same result for the same input; twice called.
    variance: of the noise, broadcasts to the picture.
    signs: −1 or 1 at random, `(N, C, H, W)`.
    """
    step = STEP * variance.mean().sqrt()
    restored = restore(noisy)
    follows = signs * (restore(noisy + step * signs) - restored) / step
    return restored, ((restored - noisy) ** 2 - variance + 2 * variance * follows).double().flatten(1).mean(1)
