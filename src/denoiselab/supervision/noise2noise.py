"""Noisy targets: two independent corruptions of one scene (Lehtinen et al. 2018, arXiv:1803.04189)."""

from denoiselab.batch import Batch, Pictures
from denoiselab.degradations import Degradation
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe


class Noise2Noise(Supervision):
    """Input and target are two independent draws, or two recordings, of the same scene.

    Where the target's noise keeps the statistic that the loss estimates, the best prediction is the
    same as with a clean target: E|f - (x + d)|^2 = E|f - x|^2 + E|d|^2. Targets are never clipped;
    the loss counts only what the target observed.
    """

    shots_needed = 2
    noisy_target = True

    def __init__(self, *, force: bool) -> None:
        self.force = force

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        observation = observe(pictures, 0, degradation, streams)
        target = observe(pictures, 1, degradation, streams.child("target"))
        return Batch(
            observation=observation,
            target=target.value,
            index=pictures.index,
            weight=target.mask,
            clean=pictures.clean,
            label=pictures.label,
        )
