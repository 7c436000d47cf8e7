"""Every classical baseline."""

from denoiselab.degradations import Degradation
from denoiselab.domains import HDR, Domain
from denoiselab.restore.baseline import Baseline
from denoiselab.restore.harmonic import Harmonic
from denoiselab.restore.interpolation import Bicubic, Bilinear
from denoiselab.restore.median import Median
from denoiselab.restore.radiance import OfRadiance
from denoiselab.restore.smoothers import smoothers


def classical_baselines(degradation: Degradation, domain: Domain) -> list[Baseline]:
    """Those that are made for a noise and can run here, on values of a domain."""
    larger: list[Baseline] = [kind(scale=degradation.scale) for kind in (Bilinear, Bicubic)]
    every = [*smoothers(), Median(), Harmonic(), *larger]
    found = [baseline for baseline in every if baseline.suits(degradation)]
    return [OfRadiance(baseline) for baseline in found] if domain is HDR else found
