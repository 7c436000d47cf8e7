"""A trained network as a file for other programs, checked against the network itself."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from math import lcm
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import load_method, weights_alone, write_checkpoint
from denoiselab.networks import signature_of

SUFFIXES = {"onnx": ".onnx", "torch_export": ".pt2", "checkpoint": ".ckpt"}
PACKAGES = {"onnx": ("onnx", "onnxscript", "onnxruntime")}
SIZES = ((2, 7), (37, 53), (64, 33))
"""Of the checks' pictures, in steps of `grid`."""
TOLERANCE, HALF_TOLERANCE = 1e-4, 5e-3
"""Differences from the network at which nothing is written; of weights in half precision about an 8-bit step."""
Shapes = tuple[dict[int, Any]]


def check_format(kind: str) -> None:
    """Refuse a format that isn't known, or whose packages are missing."""
    if kind not in SUFFIXES:
        raise UserError(f"format={kind}: one of {', '.join(SUFFIXES)} is needed")
    missing = [name for name in PACKAGES.get(kind, ()) if find_spec(name) is None]
    if missing:
        raise UserError(f"format={kind}: {', '.join(missing)} is missing; pip install 'denoiselab[onnx]'")


def grid(network: nn.Module) -> int:
    """What height and width of an exported network are multiples of, at least twice."""
    signature = signature_of(network)
    return lcm(signature.stride, signature.divisor)


def export_network(network: nn.Module, channels: int, kind: str, file: Path) -> float:
    """Write a network in eval mode, on the CPU in float32, with any number of pictures, height and width.

    Returns:
        The largest difference from the network that a check on pictures of three other sizes found.

    Raises:
        UserError: a network that can't be traced, or that comes out otherwise than it is.
    """
    check_format(kind)
    if signature_of(network).fixed_size is not None:
        name = type(network).__name__
        raise UserError(f"format={kind}: {name} takes one fixed size only: take format=checkpoint, its weights alone")
    step = grid(network)
    example, shapes = torch.rand(2, channels, 4 * step, 6 * step), dynamic(step)
    with atomic(file) as draft, quietly():
        try:
            {"onnx": write_onnx, "torch_export": write_torch}[kind](network, example, shapes, draft)
        except Exception as error:  # tracers raise anything at all
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise UserError(f"format={kind}: {type(network).__name__} can't be traced ({reason})") from error
        difference = compared(network, {"onnx": onnx_of, "torch_export": torch_of}[kind](draft), channels)
        if not difference <= TOLERANCE:
            raise UserError(f"format={kind}: comes out {difference:.1e} off the network itself: not written")
    return difference


def export_checkpoint(content: dict[str, Any], network: nn.Module, channels: int, file: Path, *, trust: bool) -> float:
    """Write the weights of a checkpoint alone, in half precision; a file that is there already stays.

    network: what the checkpoint holds, in eval mode. The rest is as of `export_network`.
    """
    if file.exists():
        raise UserError(f"{file} is there already: name another output=FILE.ckpt")
    alone = weights_alone(content)
    method, _ = load_method(alone, trust=trust)
    difference = compared(network, method.network, channels)
    if not difference <= HALF_TOLERANCE:
        raise UserError(f"format=checkpoint: in half precision it is {difference:.1e} off the network: not written")
    write_checkpoint(alone, file)
    return difference


def dynamic(step: int) -> Shapes:
    """Any number of pictures; height and width in steps."""
    sides = [torch.export.Dim(name, min=2) for name in ("height", "width")]
    height, width = sides if step == 1 else [step * side for side in sides]
    return ({0: torch.export.Dim("pictures"), 2: height, 3: width},)


def write_onnx(network: nn.Module, example: Tensor, shapes: Shapes, file: Path) -> None:
    """ONNX, weights inside, inputs and outputs named."""
    names: dict[str, Any] = {"input_names": ["noisy"], "output_names": ["restored"]}
    torch.onnx.export(
        network, (example,), file, dynamo=True, dynamic_shapes=shapes, external_data=False, verbose=False, **names
    )


def write_torch(network: nn.Module, example: Tensor, shapes: Shapes, file: Path) -> None:
    """torch.export's own archive."""
    program = torch.export.export(network, (example,), dynamic_shapes=shapes)
    with file.open("wb") as archive:
        torch.export.save(program, archive)


def onnx_of(file: Path) -> Callable[[Tensor], Tensor]:
    """What ONNX Runtime makes of a file."""
    import onnxruntime

    session = onnxruntime.InferenceSession(file.read_bytes(), providers=["CPUExecutionProvider"])
    return lambda noisy: torch.from_numpy(session.run(None, {"noisy": noisy.numpy()})[0])


def torch_of(file: Path) -> Callable[[Tensor], Tensor]:
    """What torch makes of a file."""
    with file.open("rb") as archive:
        return torch.export.load(archive).module()


@torch.no_grad()
def compared(network: nn.Module, exported: Callable[[Tensor], Tensor], channels: int) -> float:
    """The largest difference on random pictures of sizes that it wasn't traced at, or of the only one it takes."""
    differences, only = [], signature_of(network).fixed_size
    sizes = [only] if only else [(height * grid(network), width * grid(network)) for height, width in SIZES]
    for number, (height, width) in enumerate(sizes, 1):
        noisy = torch.rand(number, channels, height, width)
        differences.append((exported(noisy) - network(noisy)).abs().max())
    return float(torch.stack(differences).max())  # nan, where one is


@contextmanager
def quietly() -> Iterator[None]:
    """Without the tracers' notes."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
