"""Architectures, one a file; each carries a `signature` of what it takes and how far it sees."""

from denoiselab.networks.deep_autoencoder import DeepAutoencoder
from denoiselab.networks.dncnn import DnCNN
from denoiselab.networks.dudncnn import DUDnCNN
from denoiselab.networks.edsr import EDSR
from denoiselab.networks.receptive import Field
from denoiselab.networks.signature import Signature, signature_of
from denoiselab.networks.udncnn import UDnCNN
from denoiselab.networks.unet import UNet

__all__ = ["EDSR", "DUDnCNN", "DeepAutoencoder", "DnCNN", "Field", "Signature", "UDnCNN", "UNet", "signature_of"]
