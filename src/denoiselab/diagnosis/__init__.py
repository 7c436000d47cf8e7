"""What noise a picture holds, by its pixels alone."""

from denoiselab.diagnosis.noise import LOUD, SMALLEST, Diagnosis, diagnose

__all__ = ["LOUD", "SMALLEST", "Diagnosis", "diagnose"]
