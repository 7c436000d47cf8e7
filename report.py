"""Thin: `python report.py --help` says what it takes."""

from denoiselab.app import report

if __name__ == "__main__":
    report()
