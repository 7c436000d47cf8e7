"""Muon: momentum whose step is orthogonalised, so that every direction of a layer learns at one speed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast, overload

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.adam import adam

from denoiselab.errors import UserError

QUINTIC = (3.4445, -4.7750, 2.0315)
"""Jordan's coefficients: five rounds take every singular value of [0.003, 1] into about [0.7, 1.2]."""


HIDDEN = 16
"""Fewer channels than this on one side of a weight are a picture's: it is a first or last layer."""


class Muon(Optimizer):
    """Muon (Jordan et al. 2024, github.com/KellerJordan/Muon) for hidden layers, Adam for the others.

    A hidden weight has at least `HIDDEN` input and output channels; it is the matrix (out, in · height ·
    width). Its step is the Nesterov momentum with all singular values set to one, times √max(rows,
    columns), so that the entries have an RMS of about `lr` whatever the shape. First and last layers,
    gains and biases take Adam's step, which has that scale too. Matrices of one shape are
    orthogonalised together, in float32 or more.

    momentum: of hidden weights. betas, eps: of Adam. weight_decay: decoupled, of all.

    Raises:
        UserError: a negative rate, decay or eps, or an average that isn't in [0, 1).
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        *,
        lr: float,
        momentum: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
    ) -> None:
        defaults: dict[str, Any] = {
            "lr": lr,
            "momentum": momentum,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "differentiable": False,  # as every torch optimizer has it: loading adds it
        }
        for key in ("lr", "eps", "weight_decay"):
            if defaults[key] < 0:
                raise UserError(f"{key}={defaults[key]}: 0 or more is needed")
        for key, value in (("momentum", momentum), *(("betas", beta) for beta in betas)):
            if not 0 <= value < 1:
                raise UserError(f"{key}={value}: a part from 0 to less than 1 is needed")
        super().__init__(params, defaults)

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...
    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step down; the closure computes loss and gradients anew."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
            shapes: dict[object, list[nn.Parameter]] = defaultdict(list)
            for p in params:
                shapes[(p.shape, p.dtype, p.device) if is_hidden(p) else "adam"].append(p)
            self._adam(shapes.pop("adam", []), group)
            for alike in shapes.values():
                self._muon(alike, group)
        return loss

    def _muon(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        grads = [cast(Tensor, p.grad) for p in params]
        for p in params:
            if not self.state[p]:
                self.state[p]["momentum"] = torch.zeros_like(p)
        momenta = [self.state[p]["momentum"] for p in params]
        torch._foreach_lerp_(momenta, grads, 1 - group["momentum"])
        ahead = torch._foreach_lerp(grads, momenta, group["momentum"])
        steps = orthogonal(torch.stack([step.flatten(1) for step in ahead]))
        rms = max(steps.shape[-2:]) ** 0.5
        for p, step in zip(params, steps, strict=True):
            p.add_(step.view(p.shape), alpha=-group["lr"] * rms)

    def _adam(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        for p in params:
            if not self.state[p]:
                zeros = {key: torch.zeros_like(p) for key in ("exp_avg", "exp_avg_sq")}
                self.state[p].update(zeros, step=torch.zeros((), device=p.device))
        states = [self.state[p] for p in params]
        adam(
            list(params),
            [cast(Tensor, p.grad) for p in params],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            [state["step"] for state in states],
            fused=True,
            amsgrad=False,
            beta1=group["betas"][0],
            beta2=group["betas"][1],
            lr=group["lr"],
            weight_decay=0.0,
            eps=group["eps"],
            maximize=False,
        )


def is_hidden(p: Tensor) -> bool:
    """Whether a parameter is the weight between two hidden layers."""
    return p.ndim > 1 and min(p.shape[:2]) >= HIDDEN


def orthogonal(matrices: Tensor, rounds: int = 5) -> Tensor:
    """`(N, rows, columns)` -> the same with all singular values near 1, a matrix of zeros as it is.

    The rounds run on the small Gram matrix: with G = X·Xᵀ and Q = a + b·G + c·G², a round is X <- Q·X.
    """
    a, b, c = QUINTIC
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    x = x / x.flatten(1).norm(dim=1).clamp(min=torch.finfo(x.dtype).tiny)[:, None, None]
    gram = x @ x.mT
    product = eye = torch.eye(gram.shape[-1], dtype=gram.dtype, device=gram.device)
    for _ in range(rounds):
        q = a * eye + b * gram + c * gram @ gram
        product, gram = q @ product, q @ gram @ q
    x = product @ x
    return x.mT if tall else x
