"""Learning-rate schedules as factors over the part of a phase that is done; one yaml each."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

from denoiselab.errors import UserError


class Schedule(ABC):
    """Part done in [0, 1] -> factor of the optimizer's learning rate.

    Counted in parts, not steps, so that a recipe keeps its shape under any budget.
    """

    @abstractmethod
    def __call__(self, done: float) -> float:
        """The factor when this part of the phase is done."""


class Constant(Schedule):
    """The optimizer's learning rate throughout."""

    def __call__(self, done: float) -> float:
        return 1.0


class Cosine(Schedule):
    """Linear warm-up, the full rate, then half a cosine down to `final`.

    warmup: part of the phase that warms up; begin: part at which the descent begins (0.5 for the
    ramp-down of Noise2Noise).
    """

    def __init__(self, *, warmup: float, begin: float, final: float) -> None:
        for key, value in {"warmup": warmup, "begin": begin, "final": final}.items():
            if not 0 <= value <= 1:
                raise UserError(f"{key}={value}: a part from 0 to 1 is needed")
        self.warmup, self.begin, self.final = warmup, begin, final

    def __call__(self, done: float) -> float:
        if done < self.warmup:
            return (done + 1e-3) / (self.warmup + 1e-3)
        start, done = max(self.begin, self.warmup), min(done, 1.0)
        fallen = 0.0 if done <= start else (done - start) / (1 - start)
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * fallen)) / 2


class MultiStep(Schedule):
    """The rate is multiplied by `gamma` at each of the `milestones` (parts of the phase)."""

    def __init__(self, *, milestones: Sequence[float], gamma: float) -> None:
        if not all(0 <= m <= 1 for m in milestones):
            raise UserError(f"milestones={list(milestones)}: parts of the run from 0 to 1 are needed")
        self.milestones, self.gamma = tuple(milestones), gamma

    def __call__(self, done: float) -> float:
        return self.gamma ** sum(done >= m for m in self.milestones)
