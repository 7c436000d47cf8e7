"""Several degradations, one after another."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from torch import Tensor

from denoiselab.batch import Observation, Operator, Statistic
from denoiselab.degradations.base import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams


class Composed(Degradation):
    """y = the last of `steps` of ... of the first of x, in the order given; a step of null is left out.

    The mean is kept where every step keeps it and none but the first clamps; median and mode don't survive a second
    step. What one step lost stays lost: the masks are multiplied. Of several steps neither operator nor level is known:
    what one of them measured is not the picture's, and no one number tells how strong they are.
    """

    keeps = frozenset()

    def __init__(self, *, steps: Mapping[str, Degradation | None]) -> None:
        self.steps = {name: step for name, step in steps.items() if step is not None}
        if not self.steps:
            raise UserError("steps: at least one degradation is needed")
        parts = list(self.steps.values())
        everywhere = frozenset.intersection(*(step.keeps for step in parts))
        survive = frozenset() if any(step.clamps for step in parts[1:]) else frozenset({Statistic.MEAN})
        self.keeps = everywhere if len(parts) == 1 else everywhere & survive
        self.clamps = parts[0].clamps
        self.may_be_target = bool(self.keeps) and all(step.may_be_target for step in parts)
        self.independent = all(step.independent for step in parts)
        self.loses = any(step.loses for step in parts)
        self.scale = prod(step.scale for step in parts)

    @property
    def cure(self) -> str:
        clipped = [f"noise.steps.{name}.clip=false" for name, step in self.steps.items() if step.clip]
        rest = [step for step in self.steps.values() if not step.clip]
        helps = all(Statistic.MEAN in step.keeps and step.may_be_target for step in rest)
        return " ".join(clipped) if clipped and helps else "another noise, or one step alone"

    def __call__(self, clean: Tensor, streams: Streams) -> Observation:
        seen = Observation(clean)
        for name, step in self.steps.items():
            before, seen = seen, step(seen.value, streams.child(name))
            if before.value is not clean:  # what a later step measured is no longer the picture's
                seen = replace(seen, operator=Operator(), level=None, std=None)
            if before.mask is not None:
                if seen.value.shape != before.value.shape:
                    raise UserError(f"noise.steps.{name}: changes the size of a picture with lost pixels; put it first")
                mask = before.mask if seen.mask is None else before.mask * seen.mask
                seen = replace(seen, mask=mask)
        return seen

    def describe(self) -> str:
        return ", then ".join(step.describe() for step in self.steps.values())
