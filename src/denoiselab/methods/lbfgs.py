"""L-BFGS for weights of any layout in memory."""

from collections.abc import Iterable
from typing import Literal

import torch
from torch import nn


class LBFGS(torch.optim.LBFGS):
    """torch's L-BFGS (Liu & Nocedal 1989). It views the gradients flat, so this makes the weights contiguous first.

    A step evaluates one batch, with one noise, up to `max_iter` · 1.25 times.

    history_size: how many of the last changes stand for the curvature.
    line_search_fn: null takes steps of `lr`.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        *,
        lr: float,
        max_iter: int,
        history_size: int,
        line_search_fn: Literal["strong_wolfe"] | None,
    ) -> None:
        params = list(params)
        for parameter in params:
            parameter.data = parameter.data.contiguous()
        super().__init__(params, lr=lr, max_iter=max_iter, history_size=history_size, line_search_fn=line_search_fn)
