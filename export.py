"""Thin: `python export.py --help` says what it takes."""

from denoiselab.app import export

if __name__ == "__main__":
    export()
