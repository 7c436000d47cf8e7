"""Whether a loss may learn from noisy targets of this noise; refused at the start where it may not."""

from __future__ import annotations

from denoiselab.batch import Statistic
from denoiselab.degradations import Degradation
from denoiselab.errors import UserError
from denoiselab.objectives import Objective
from denoiselab.supervision.base import Supervision

LOSSES = {Statistic.MEAN: "l2", Statistic.MEDIAN: "l1", Statistic.MODE: "l0"}
"""The plainest loss that estimates a statistic."""


def check_fit(
    supervision: Supervision, degradation: Degradation, objective: Objective, *, bends_target: bool = False
) -> None:
    """Hold the contracts of noise and loss against each other.

    bends_target: the method compares with a target that it has mapped, by more than a factor and a shift.

    The best prediction under a noisy target is the statistic that the loss estimates of the target's distribution;
    it is the clean picture only if the noise keeps that statistic.

    Raises:
        UserError: they do not fit, with the reason and what would; `supervision.force` says nothing is to be checked.
    """
    if supervision.force:
        return
    if reason := misfit(supervision, degradation, objective, bends_target=bends_target):
        raise UserError(f"{reason}; or supervision=clean, or supervision.force=true to train nevertheless")


def misfit(
    supervision: Supervision, degradation: Degradation, objective: Objective, *, bends_target: bool
) -> str | None:
    """Why targets of this noise do not lead this loss to the clean picture, and what would; None if they do."""
    if not supervision.noisy_target:
        return None
    noise, loss = degradation.describe(), type(objective).__name__
    if not degradation.may_be_target:
        return (
            f"noise: targets under {noise} lead elsewhere than to the clean picture, so far as is known: "
            f"take {degradation.cure}"
        )
    if objective.estimates not in degradation.keeps:
        kept = " and ".join(f"the {statistic}" for statistic in Statistic if statistic in degradation.keeps)
        fits = " or ".join(f"loss={LOSSES[statistic]}" for statistic in Statistic if statistic in degradation.keeps)
        return f"loss: {loss} estimates the {objective.estimates}, but {noise} keeps {kept}: take {fits}"
    if degradation.loses and not objective.weighs:
        return f"loss: {loss} also counts the values that {noise} lost: take a loss that leaves them out, loss=l2"
    if supervision.blind_spot and not degradation.independent:
        return f"supervision: a pixel's neighbours would tell it of {noise}: take supervision=noise2noise"
    if supervision.halves and Statistic.MEAN not in degradation.keeps:
        return f"method: neighbor2neighbor also compares means, which {noise} doesn't keep: take supervision=noise2void"
    if bends_target:
        return f"method: mapped targets keep no statistic of {noise}: take method=tone_mapped_input"
    return None
