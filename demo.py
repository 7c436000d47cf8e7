"""Thin: `python demo.py --help` says what it takes."""

from denoiselab.app import run

if __name__ == "__main__":
    run("demo")
