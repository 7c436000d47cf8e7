"""One noisy picture of each scene and nothing else: the method makes its own targets."""

from denoiselab.batch import Batch, Pictures
from denoiselab.degradations import Degradation
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe


class Alone(Supervision):
    """Input and target are the same noisy picture; only for a method that splits it (Neighbor2Neighbor)."""

    noisy_target = True
    blind_spot = True

    def __init__(self, *, force: bool) -> None:
        self.force = force

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        observation = observe(pictures, 0, degradation, streams)
        return Batch(
            observation,
            observation.value,
            pictures.index,
            weight=observation.mask,
            clean=pictures.clean,
            label=pictures.label,
        )
