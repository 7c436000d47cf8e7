"""Other people's weights, recognised by their keys: DnCNN as repositories publish it, and what spandrel knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.errors import UserError
from denoiselab.networks.published import recognised

WRAPPERS = ("state_dict", "params_ema", "params", "model")
"""Keys below which a file may hold its weights."""
NAME = re.compile(r"(?:module\.)?(?:(\w*[a-zA-Z]\w*)\.)?(\d+)\.(\w+)")
IRCNN = 7


def foreign_checkpoint(content: Any, file: Path) -> dict[str, Any]:
    """The weights of a plain DnCNN in another's layout, or of a network that spandrel knows -> a checkpoint of ours.

    A DnCNN's normalisation is folded.
    Known are the numberings of one `nn.Sequential` of 3×3 convolutions with ReLUs between them, with or without batch
    normalisation and biases, under any one name (`model.`, `dncnn.`, none) and with or without `module.`: KAIR's,
    SaoYan/DnCNN-PyTorch's and their kin.

    Raises:
        UserError: another layout; the message shows the first keys.
    """
    weights = unwrapped(content)
    try:
        convs = stack(numbered(weights))
        first, *middle, last = convs
    except (ValueError, KeyError, RuntimeError) as error:
        return published_checkpoint(content, file, str(error))
    state = {"head": first, **{f"layers.{i}": conv for i, conv in enumerate(middle)}, "tail": last}
    model = {
        "_target_": "denoiselab.networks.PlainDnCNN", "depth": len(middle), "num_features": len(first[1]),
        "predicts": predicted(convs), "init": "default",
    }  # fmt: skip
    weights = {f"{k}.{p}": v for k, pair in state.items() for p, v in zip(PARTS, pair, strict=True)}
    return checkpoint_of(weights, model, first[0].shape[1])


def published_checkpoint(content: Any, file: Path, why: str) -> dict[str, Any]:
    """The weights of a network that spandrel knows -> a checkpoint of ours; why: it isn't a DnCNN."""
    try:
        known = recognised(content)
    except UserError as error:
        keys = ", ".join(map(str, list(unwrapped(content))[:4])) or "none"
        raise UserError(
            f"{file} is no checkpoint of denoiselab and no plain DnCNN ({why}; {error}); its first keys: {keys}"
        ) from error
    model = {"_target_": "denoiselab.networks.Published", "file": str(file.absolute())}
    weights = {f"network.{key}": value for key, value in known.model.state_dict().items()}
    return checkpoint_of(weights, model, known.input_channels)


def checkpoint_of(weights: Mapping[str, Tensor], model: Mapping[str, Any], channels: int) -> dict[str, Any]:
    """Weights alone in the form of a checkpoint of ours."""
    return {
        "state_dict": {f"network.{key}": value for key, value in weights.items()},
        "global_step": 0,
        "denoiselab": {"choices": {}, "config": RECIPE | {"model": model, "data": {"channels": channels}}},
    }


Conv = tuple[Tensor, Tensor]
PARTS = ("weight", "bias")
RECIPE: dict[str, Any] = {
    "seed": 0,
    "method": {"_target_": "denoiselab.methods.Denoiser"},
    "loss": {"_target_": "denoiselab.objectives.L2"},
    "optimizer": {"_target_": "torch.optim.Adam"},
    "scheduler": {"_target_": "denoiselab.methods.schedules.Constant"},
}
"""What a method is built with and weights alone don't say; none of it changes how a picture is restored."""


def unwrapped(content: Any) -> Mapping[Any, Any]:
    """The weights in a file's content."""
    if not isinstance(content, Mapping):
        return {}
    return next((content[key] for key in WRAPPERS if isinstance(content.get(key), Mapping)), content)


def numbered(weights: Mapping[Any, Any]) -> dict[int, dict[str, Tensor]]:
    """The layers of one Sequential by their number.

    Raises:
        ValueError: there is something else.
    """
    layers: dict[int, dict[str, Tensor]] = {}
    names = set()
    for key, value in weights.items():
        found = NAME.fullmatch(str(key))
        if not found or not isinstance(value, Tensor):
            raise ValueError(f"{key} is no layer of a Sequential")
        names.add(found[1])
        layers.setdefault(int(found[2]), {})[found[3]] = value
    if len(names) != 1:
        raise ValueError("one Sequential is needed")
    return dict(sorted(layers.items()))


def stack(layers: Mapping[int, Mapping[str, Tensor]]) -> list[Conv]:
    """The convolutions, each with its normalisation folded in.

    Raises:
        ValueError: the layers are not those of a DnCNN.
    """
    own = {i: layer for i, layer in layers.items() if getattr(layer.get("weight"), "ndim", 0) == 4}
    norms = {i: layer for i, layer in layers.items() if "running_var" in layer}
    places = [*own, max(own, default=0) + 2]
    gaps = [after - before - 1 - (before + 1 in norms) for before, after in pairwise(places)]
    if len(own) < 2 or set(gaps) != {1} or len(own) + len(norms) != len(layers) or min(own) != 0:
        raise ValueError("convolutions with one ReLU between them are needed, and normalisations before ReLUs")
    # Zhang's own code, which has biases, sets eps; it isn't in the file.
    eps = 1e-4 if "bias" in own[0] else 1e-5
    convs = [folded(layer, norms.get(i + 1), eps) for i, layer in own.items()]
    sides = [weight.shape[:2] for weight, _ in convs]
    inner = {side for pair in pairwise(sides) for side in (pair[0][0], pair[1][1])}
    if any(weight.shape[2:] != (3, 3) for weight, _ in convs) or len(inner) != 1:
        raise ValueError("3x3 convolutions of equal width are needed")
    if sides[0][1] != sides[-1][0] or sides[0][1] not in (1, 3):
        raise ValueError(f"{sides[0][1]} channels in and {sides[-1][0]} out: 1 or 3 and as many are needed")
    if len(convs) == IRCNN and not norms:
        raise ValueError("7 convolutions are IRCNN's, whose dilations are not in the file")
    return convs


def folded(conv: Mapping[str, Tensor], norm: Mapping[str, Tensor] | None, eps: float) -> Conv:
    """A convolution and the normalisation behind it as one: weight and bias."""
    weight = conv["weight"].double()
    bias = conv["bias"].double() if "bias" in conv else weight.new_zeros(len(weight))
    if norm is not None:
        gain = norm["weight"].double() / (norm["running_var"].double() + eps).sqrt()
        weight, bias = (
            weight * gain[:, None, None, None],
            (bias - norm["running_mean"].double()) * gain + norm["bias"].double(),
        )
    return weight.float(), bias.float()


def predicted(convs: list[Conv]) -> str:
    """Whether a stack's output on a noisy trial picture is nearer to that picture or to nothing: picture or noise."""
    ramp = torch.linspace(0.2, 0.9, 64)
    noise = torch.randn(1, convs[0][0].shape[1], 64, 64, generator=torch.Generator().manual_seed(0))
    seen = (ramp[:, None] + ramp) / 2 + 0.1 * noise
    out = seen
    for weight, bias in convs:
        out = F.conv2d(F.relu(out) if out is not seen else out, weight, bias, padding=1)
    return "picture" if (out - seen).square().mean() < out.square().mean() else "noise"
