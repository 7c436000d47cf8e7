"""Labels: a picture's class is asked for, and noise only hides the picture from the network while it learns."""

from typing import ClassVar

from denoiselab.batch import Batch, Observation, Pictures
from denoiselab.degradations import Degradation
from denoiselab.domains import CLASSES, Domain
from denoiselab.errors import UserError
from denoiselab.streams import Streams
from denoiselab.supervision.base import Supervision, observe


class Label(Supervision):
    """Input: a noisy draw. Target: the class; the clean picture goes along. Measured is the class of the clean one."""

    domain: ClassVar[Domain | None] = CLASSES

    def __call__(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        return self._batch(pictures, observe(pictures, 0, degradation, streams))

    def measured(self, pictures: Pictures, degradation: Degradation, streams: Streams) -> Batch:
        if pictures.clean is None:
            raise UserError("supervision=label needs clean pictures, this data has none: take data=mnist")
        return self._batch(pictures, Observation(pictures.clean, aux=pictures.aux))

    def _batch(self, pictures: Pictures, observation: Observation) -> Batch:
        if pictures.label is None:
            raise UserError("supervision=label needs pictures with labels, this data has none: take data=mnist")
        return Batch(observation, pictures.label, pictures.index, clean=pictures.clean, label=pictures.label)
