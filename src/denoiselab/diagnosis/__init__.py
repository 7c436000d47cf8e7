"""What noise a picture holds, by its pixels alone."""

from denoiselab.diagnosis.noise import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
