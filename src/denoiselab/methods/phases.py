"""Training in phases: each has its own optimizer, learning-rate schedule, length and parameters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from torch import nn
from torch.optim import Optimizer

from denoiselab.errors import UserError
from denoiselab.methods.schedules import Schedule


@dataclass(frozen=True)
class Phase:
    """A stretch of training.

    optimizer: parameters -> optimizer.
    schedule: part of the phase done in [0, 1] -> factor of the learning rate.
    steps: how many batches it lasts; None for the rest of the run.
    trains: names of the parameters or modules that move; empty for all.
    exact: whether its optimizer compares gradients with each other, for which half precision is too coarse (L-BFGS).
    """

    optimizer: Callable[[Iterable[nn.Parameter]], Optimizer]
    schedule: Schedule
    steps: int | None = None
    trains: tuple[str, ...] = ()
    exact: bool = False

    def parameters(self, network: nn.Module) -> list[nn.Parameter]:
        """The network's parameters that this phase moves."""
        named = dict(network.named_parameters())
        for part in self.trains:
            if not any(belongs(name, [part]) for name in named):
                raise UserError(f"trains={part}: no parameter is named so (there is: {', '.join(named)})")
        return [p for name, p in named.items() if not self.trains or belongs(name, self.trains)]


def belongs(name: str, modules: Iterable[str]) -> bool:
    """Whether a parameter is one of these, or lies in one of these modules."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def phase_at(phases: Sequence[Phase], position: int) -> tuple[int, int]:
    """The phase in which a batch lies, and the batch at which that phase began."""
    start = 0
    for number, phase in enumerate(phases[:-1]):
        if phase.steps is None or position < start + phase.steps:
            return number, start
        start += phase.steps
    return len(phases) - 1, start


def steps_of_phases(phases: Sequence[Phase], steps: range) -> dict[int, int]:
    """How many of these batches lie in each phase; phases without any are left out."""
    counts, start = dict[int, int](), 0
    for number, phase in enumerate(phases):
        last = phase.steps is None or number == len(phases) - 1
        end = steps.stop if last else start + (phase.steps or 0)
        if inside := len(range(max(start, steps.start), min(end, steps.stop))):
            counts[number] = inside
        if last:
            break
        start = end
    return counts
