"""PSNR, SSIM and LPIPS under the field's conventions, and the protocols by which figures are taken."""

from denoiselab.metrics.figure import figure
from denoiselab.metrics.luma import luma
from denoiselab.metrics.protocol import Protocol
from denoiselab.metrics.psnr import mse, psnr
from denoiselab.metrics.scores import Scores
from denoiselab.metrics.ssim import ssim
from denoiselab.metrics.sure import sure

__all__ = ["Protocol", "Scores", "figure", "luma", "mse", "psnr", "ssim", "sure"]
