"""Thin: `python evaluate.py --help` says what it takes."""

from denoiselab.app import evaluate

if __name__ == "__main__":
    evaluate()
