"""Thin: `python train.py --help` says what it takes."""

from denoiselab.app import train

if __name__ == "__main__":
    train()
