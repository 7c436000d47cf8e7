"""Batch normalisation, once trained, is a factor and a sum: it goes into the convolution before it."""

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from denoiselab.networks.blocks import ConvBNReLU


def fold_batch_norm(network: nn.Module) -> None:
    """Fold the running statistics of every `ConvBNReLU` into its convolution, in place; for eval mode only.

    The same function of its input to rounding, with one pass over the features less. Weights and names change:
    such a network is not trained on or saved.
    """
    for block in network.modules():
        if isinstance(block, ConvBNReLU) and isinstance(block.norm, nn.BatchNorm2d):
            block.conv = fuse_conv_bn_eval(block.conv, block.norm)
            block.norm = nn.Identity()
