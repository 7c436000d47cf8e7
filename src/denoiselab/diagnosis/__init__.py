"""What noise a picture holds, by its pixels alone."""

from denoiselab.diagnosis.noise import SMALLEST, Diagnosis, diagnose

__all__ = ["SMALLEST", "Diagnosis", "diagnose"]
