"""Objectives: what a prediction is held against, and the statistic that each one estimates."""

from denoiselab.objectives.annealed_l0 import AnnealedL0
from denoiselab.objectives.base import Objective, Pointwise
from denoiselab.objectives.bce import BCE
from denoiselab.objectives.charbonnier import Charbonnier
from denoiselab.objectives.hdr_relative import HDRRelative
from denoiselab.objectives.l1 import L1
from denoiselab.objectives.l2 import L2

__all__ = ["BCE", "L1", "L2", "AnnealedL0", "Charbonnier", "HDRRelative", "Objective", "Pointwise"]
