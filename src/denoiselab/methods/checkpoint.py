"""Checkpoints: where they lie, how they are written, and what can be rebuilt from one."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch

from denoiselab.builtin import BUILTIN, CAMERA, GRAY, RGB, WEIGHTS, place_of
from denoiselab.config import without_places
from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.methods.assembly import Config, make_method
from denoiselab.methods.base import Method
from denoiselab.methods.foreign import foreign_checkpoint
from denoiselab.networks.published import weights_of

LAST, BEST = "last.ckpt", "best.ckpt"
DAMAGED = (pickle.UnpicklingError, RuntimeError, OSError, EOFError, LookupError, AttributeError, ValueError)


def find_checkpoint(path: str | Path | None, prefer: str = BEST, key: str = "ckpt") -> Path:
    """A checkpoint file from what a person names: the file, its run folder, or a network of the package.

    key: by which it is named, for the messages.

    Raises:
        UserError: nothing there; the message lists what lies under `outputs/`.
    """
    if path is None:
        raise UserError(f"{key} is not set: name a run folder or a checkpoint, {key}=RUN{_found_here()}")
    path = place_of(path)
    if path.is_file():
        return path
    if path == WEIGHTS:
        raise UserError(f"{key}={BUILTIN}: a single one is needed here: {GRAY}, {RGB} or {CAMERA}")
    files = [path / name for name in (prefer, LAST, BEST)] + sorted(path.glob("*.ckpt"))
    for file in files:
        if file.is_file():
            return file
    if (path / "config.yaml").is_file():
        raise UserError(
            f"{key}={path}: this run ended before its first checkpoint, there is nothing to go on from; "
            f"start it anew with hydra.run.dir={path}"
        )
    meant = next((name for name in (GRAY, RGB, CAMERA) if name == f"{BUILTIN}/{str(path).lower()}"), None)
    here = f"; the package's network is {meant}" if meant else _found_here()
    raise UserError(f"{key}={path}: there is {'no *.ckpt inside' if path.is_dir() else 'nothing there'}{here}")


def _found_here() -> str:
    runs = sorted({file.parent for file in Path("outputs").glob("**/*.ckpt")}, key=lambda run: run.stat().st_mtime)
    if not runs:
        return f"; no run was found under outputs/: train one first, or take one of the package's, {RGB}"
    return f"; found here, newest first: {', '.join(map(str, reversed(runs[-5:])))}"


def read_checkpoint(file: Path) -> dict[str, Any]:
    """A checkpoint's plain content on the CPU; tensors and plain data only, no code.

    Raises:
        UserError: neither a checkpoint of this project nor a known layout of others, damaged, or in need of code.
    """
    try:
        content = weights_of(file)
    except UserError:
        raise
    except DAMAGED as error:
        reason = "damaged, or no plain data, as a whole network pickled"
        raise UserError(
            f"{file} is no readable checkpoint ({reason}): take another one, or its state_dict()"
        ) from error
    if not isinstance(content, dict) or "denoiselab" not in content:
        return foreign_checkpoint(content, file)
    return content


def load_method(content: dict[str, Any], *, trust: bool, method: Config | None = None) -> tuple[Method, Config]:
    """The method with its trained weights, in eval mode, and the configuration it was trained with.

    method: another one to restore by, with the weights of the run's own; None: the run's.

    Raises:
        UserError: the weights are not those of such a method.
    """
    config = content["denoiselab"]["config"]
    made = make_method({**config, "method": method or config["method"]}, trust=trust)
    if shapes(made.state_dict()) != shapes(content["state_dict"]):
        raise UserError(f"method: {type(made).__name__} has other weights than the run: keep the run's own method")
    made.load_state_dict(content["state_dict"])
    return made.eval().requires_grad_(False), config


def shapes(weights: dict[str, Any]) -> dict[str, Any]:
    """The shape of each weight."""
    return {name: getattr(value, "shape", None) for name, value in weights.items()}


def weights_alone(content: dict[str, Any]) -> dict[str, Any]:
    """What restoring takes of a checkpoint, to be sent: weights in half precision, no optimizer's state, no folders.

    The names of the training pictures stay, by which near-duplicates among test pictures are told.

    Raises:
        UserError: the weights are another's.
    """
    recipe, weights = content["denoiselab"], content["state_dict"]
    if not recipe["choices"]:
        raise UserError("format=checkpoint: these weights are not of a run of denoiselab: send their own file")
    config = recipe["config"] | {"data": without_places(recipe["config"]["data"]), "logger": {"name": "none"}}
    config["weights"] = begun_from(config) or None
    return {
        "state_dict": {name: value.half() if value.is_floating_point() else value for name, value in weights.items()},
        "global_step": content["global_step"],
        "denoiselab": recipe | {"config": config},
    }


def begun_from(config: Config) -> str:
    """What a run began from, as others are told: a network of the package, a run by its folder, a file by its name."""
    place = str(config.get("weights") or "")
    path = Path(place)
    run = path.parent.name if path.name in (BEST, LAST) else ""
    return place if place.startswith(f"{BUILTIN}/") else run or path.name


def write_checkpoint(content: dict[str, Any], file: Path) -> None:
    """Write a checkpoint so that its name always holds a whole one."""
    with atomic(file) as draft:
        try:
            torch.save(content, draft)
        except RuntimeError as error:  # torch's for a full disk
            raise OSError(str(error)) from error
