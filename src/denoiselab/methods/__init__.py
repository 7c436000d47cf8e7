"""LightningModules: how a network is trained and how a picture is got out of it."""

from denoiselab.methods.base import Method
from denoiselab.methods.denoiser import Denoiser
from denoiselab.methods.flow_sampler import FlowSampler
from denoiselab.methods.greedy import GreedyClassifier
from denoiselab.methods.latent_prior import LatentPrior
from denoiselab.methods.multi_scale import MultiScale
from denoiselab.methods.neighbor2neighbor import Neighbor2Neighbor
from denoiselab.methods.phases import Phase
from denoiselab.methods.posterior_sampler import PosteriorSampler
from denoiselab.methods.tone_mapped import ToneMapped

__all__ = [
    "Denoiser",
    "FlowSampler",
    "GreedyClassifier",
    "LatentPrior",
    "Method",
    "MultiScale",
    "Neighbor2Neighbor",
    "Phase",
    "PosteriorSampler",
    "ToneMapped",
]
