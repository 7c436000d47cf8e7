"""Every classical baseline."""

from denoiselab.degradations import Degradation
from denoiselab.restore.baseline import Baseline
from denoiselab.restore.harmonic import Harmonic
from denoiselab.restore.median import Median
from denoiselab.restore.smoothers import smoothers


def classical_baselines(degradation: Degradation) -> list[Baseline]:
    """Those that are made for a noise and can run here."""
    return [baseline for baseline in (*smoothers(), Median(), Harmonic()) if baseline.suits(degradation)]
