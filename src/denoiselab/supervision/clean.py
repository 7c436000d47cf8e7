"""Clean targets: the classical way (Noise2Clean)."""

from denoiselab.batch import Batch, Pictures
from denoiselab.degradations import Degradation
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe


class Clean(Supervision):
    """Input: a noisy draw or recording. Target: the clean picture."""

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        if pictures.clean is None:
            raise UserError(
                "supervision=clean needs clean pictures, this data has none: supervision=neighbor2neighbor needs none"
            )
        observation = observe(pictures, 0, degradation, streams)
        return Batch(
            observation=observation,
            target=pictures.clean,
            index=pictures.index,
            clean=pictures.clean,
            label=pictures.label,
        )
