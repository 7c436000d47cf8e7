"""denoiselab: an experiment framework for image denoising on PyTorch Lightning and Hydra."""

__version__ = "0.1.0"
