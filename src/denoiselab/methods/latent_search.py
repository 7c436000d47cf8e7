"""Least squares in a decoder's latent space, for a whole batch at once; each sample is its own problem."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.func import jvp, vmap

from denoiselab.errors import UserError

Residual = Callable[[Tensor], Tensor]
"""Latent vectors `(N, K)` -> decoded less observed, `(N, n)`."""


class Search(ABC):
    """One way down the mean squared residual."""

    @abstractmethod
    def step(self, residual: Residual, z: Tensor) -> tuple[Tensor, Tensor]:
        """Latent vectors `(N, K)` -> the next ones, and the mean squared residual `(N,)` before the step."""


class GradientDescent(Search):
    """z - lr · gradient of mean(residual²): seed 000's, with lr 1."""

    def __init__(self, *, lr: float) -> None:
        if lr <= 0:
            raise UserError(f"lr={lr}: a positive rate is needed")
        self.lr = lr

    def step(self, residual: Residual, z: Tensor) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            z = z.detach().requires_grad_()
            error = mean_square(residual(z))
            (slope,) = torch.autograd.grad(error.sum(), z)
        return z.detach() - self.lr * slope, error.detach()


class LevenbergMarquardt(Search):
    """z - (JᵀJ + λ s I)⁻¹ Jᵀ r with the best of several λ, s the mean of JᵀJ's diagonal; z itself if none is better.

    Levenberg (1944), Marquardt (1963). A ReLU decoder is linear in pieces, so that a step with a small λ ends in the
    least squares of its piece; a large λ is a short step down the gradient. J is made of K forward derivatives.

    dampings: the λ that are tried at every step.
    """

    def __init__(self, *, dampings: Sequence[float]) -> None:
        if not dampings or min(dampings) <= 0:
            raise UserError(f"dampings={list(dampings)}: positive numbers are needed")
        self.dampings = tuple(dampings)

    def step(self, residual: Residual, z: Tensor) -> tuple[Tensor, Tensor]:
        r, j = residual(z), jacobian(residual, z)
        gram, slope = j.mT @ j, j.mT @ r[..., None]
        size = gram.diagonal(dim1=1, dim2=2).mean(1).clamp_min(torch.finfo(z.dtype).eps)[:, None, None]
        eye = torch.eye(z.shape[1], dtype=z.dtype, device=z.device)
        steps = [torch.linalg.solve(gram + damping * size * eye, slope)[..., 0] for damping in self.dampings]
        tries = torch.stack([z, *(z - step for step in steps)])
        errors = torch.stack([mean_square(residual(tried)) for tried in tries])
        return tries[lowest(errors), torch.arange(len(z))], errors[0]


def lowest(errors: Tensor) -> Tensor:
    """Which of the tries `(T, N)` is the best for each sample; what is no number is none."""
    return errors.nan_to_num(nan=torch.inf).argmin(0)


def jacobian(residual: Residual, z: Tensor) -> Tensor:
    """The derivatives of each sample's residual by its own latent vector: `(N, n, K)`."""

    def along(direction: Tensor) -> Tensor:
        found: Tensor = jvp(residual, (z,), (direction.expand_as(z),))[1]
        return found

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*jit.script", FutureWarning)  # torch's own, when it loads these derivatives
        columns: Tensor = vmap(along, out_dims=2)(torch.eye(z.shape[1], dtype=z.dtype, device=z.device))
    return columns


def mean_square(residual: Tensor) -> Tensor:
    """`(N, n)` -> `(N,)`."""
    return residual.square().mean(1)
