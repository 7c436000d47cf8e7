"""Thin: `python denoise.py --help` says what it takes."""

from denoiselab.app import denoise

if __name__ == "__main__":
    denoise()
