"""Architectures, one a file; each carries a `signature` of what it takes and how far it sees."""

from denoiselab.networks.blocks import check_fixed_size
from denoiselab.networks.conv_autoencoder import ConvAutoencoder
from denoiselab.networks.deep_autoencoder import DeepAutoencoder
from denoiselab.networks.dense_autoencoder import DenseAutoencoder
from denoiselab.networks.dense_critic import DenseCritic
from denoiselab.networks.dense_denoiser import DenseDenoiser
from denoiselab.networks.dncnn import DnCNN
from denoiselab.networks.drunet import DRUNet
from denoiselab.networks.dudncnn import DUDnCNN
from denoiselab.networks.edsr import EDSR
from denoiselab.networks.latent_autoencoder import LatentAutoencoder
from denoiselab.networks.mdsr import MDSR
from denoiselab.networks.mlp import MLP
from denoiselab.networks.mnist_upscaler import MNISTUpscaler
from denoiselab.networks.patch_autoencoder import PatchAutoencoder
from denoiselab.networks.plain_dncnn import PlainDnCNN
from denoiselab.networks.published import Published
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature, signature_of
from denoiselab.networks.stacked_autoencoder import StackedAutoencoder
from denoiselab.networks.udncnn import UDnCNN
from denoiselab.networks.unet import UNet

__all__ = [
    "EDSR",
    "MDSR",
    "MLP",
    "ConvAutoencoder",
    "DRUNet",
    "DUDnCNN",
    "DeepAutoencoder",
    "DenseAutoencoder",
    "DenseCritic",
    "DenseDenoiser",
    "DnCNN",
    "Field",
    "LatentAutoencoder",
    "MNISTUpscaler",
    "PatchAutoencoder",
    "PlainDnCNN",
    "Published",
    "Signature",
    "StackedAutoencoder",
    "UDnCNN",
    "UNet",
    "check_fixed_size",
    "signature_of",
]
