"""Classical baselines on radiance."""

from denoiselab.batch import Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.domains import inverse_tone_map, tone_map
from denoiselab.restore.baseline import Baseline


class OfRadiance(Baseline):
    """A baseline that restores the tone-mapped picture, for it expects values about [0, 1]."""

    def __init__(self, baseline: Baseline) -> None:
        self.name, self.baseline = baseline.name, baseline  # type: ignore[misc]

    def suits(self, degradation: Degradation) -> bool:
        """As the baseline itself."""
        return self.baseline.suits(degradation)

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """Radiance `(N, C, H, W)` -> the mean, mapped back."""
        shown = Observation(tone_map(observation.value))
        return Estimate(inverse_tone_map(self.baseline.restore(shown).mean))
