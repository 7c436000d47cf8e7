"""A stack of autoencoders, each of the latent vectors of the one below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.blocks import check_fixed_size
from denoiselab.networks.signature import Signature


class TiedAutoencoder(nn.Module):
    """h = s(W x + b), x' = s(Wᵀ h + c), s the logistic sigmoid: `(N, in_features)` -> `(N, num_features)` and back.

    W by Glorot and Bengio (2010), with their gain of 4 for the sigmoid; b = c = 0.
    """

    def __init__(self, *, in_features: int, num_features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_features, in_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.back = nn.Parameter(torch.zeros(in_features))
        nn.init.xavier_uniform_(self.weight, gain=4)

    def encode(self, x: Tensor) -> Tensor:
        """Values -> latent vectors in [0, 1]."""
        return F.linear(x, self.weight, self.bias).sigmoid()

    def decode(self, h: Tensor) -> Tensor:
        """Latent vectors -> values in [0, 1], in the dtype of the weights: they may be a picture."""
        with torch.autocast(h.device.type, enabled=False):
            return F.linear(h.to(self.weight.dtype), self.weight.T, self.back).sigmoid()


class StackedAutoencoder(nn.Module):
    """Up through all layers and down again: pictures `(N, C, height, width)` in [0, 1] -> the same.

    Vincent et al. 2010 (JMLR 11), whose weights are tied too. `encode` takes a picture to the latent vectors
    `(N, num_features)` of a layer; `methods.GreedyClassifier` trains one layer after another.

    size: height and width; vectors of d features are pictures of 1 x d.
    depth: how many layers; num_features: of each.
    """

    layers: Any

    def __init__(
        self, *, in_channels: int, out_channels: int, size: Sequence[int], depth: int, num_features: int
    ) -> None:
        super().__init__()
        if len(size) != 2 or min(size) < 1:
            raise UserError(f"size={list(size)}: height and width are needed, e.g. [28,28]")
        for key, value in {"depth": depth, "num_features": num_features}.items():
            if value < 1:
                raise UserError(f"{key}={value}: at least 1 is needed")
        if in_channels != out_channels:
            raise UserError(f"out_channels={out_channels}: the weights are tied, so as in_channels={in_channels}")
        self.signature = Signature(in_channels, out_channels, fixed_size=(size[0], size[1]))
        self.shape, self.num_features = (in_channels, *size), num_features
        sizes = [math.prod(self.shape)] + [num_features] * (depth - 1)
        self.layers = nn.ModuleList(TiedAutoencoder(in_features=n, num_features=num_features) for n in sizes)

    def encode(self, picture: Tensor, depth: int) -> Tensor:
        """The input of the layer above `depth` layers: for 0 the picture as a vector."""
        check_fixed_size(self, picture)
        h = picture.flatten(1)
        for layer in self.layers[:depth]:
            h = layer.encode(h)
        return h

    def forward(self, x: Tensor) -> Tensor:
        h = self.encode(x, len(self.layers))
        for layer in reversed(self.layers):
            h = layer.decode(h)
        out: Tensor = h.unflatten(1, self.shape)
        return out
