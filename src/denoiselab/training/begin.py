"""What a run begins from: the weights of another one, and what they have seen already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from denoiselab.data.module import Store
from denoiselab.data.twins import marks_of
from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import shapes
from denoiselab.networks.published import Published

NETWORK = "network."
"""What a method's weights are called that are its network's."""


def check_weights(theirs: Mapping[str, Any], own: Mapping[str, Any], place: object) -> None:
    """Refuse the weights of another network.

    Raises:
        UserError: a name or a shape differs.
    """
    one, other = shapes(dict(theirs)), shapes(dict(own))
    if wrong := [name for name in {**one, **other} if one.get(name) != other.get(name)]:
        raise UserError(f"model: the weights of {place} are another network's ({wrong[0]}): keep the run's own model")


def optimizer_kind(config: Mapping[str, Any], phase: int) -> str:
    """The class of the optimizer of one of a run's phases, as its configuration says."""
    optimizer = config["optimizer"]
    nodes = [one["optimizer"] for one in optimizer.get("phases", {"": {"optimizer": optimizer}}).values()]
    return str(nodes[min(phase, len(nodes) - 1)]["_target_"]).rpartition(".")[2]


def take_over(content: Mapping[str, Any], network: nn.Module, place: object) -> None:
    """Give a network the weights that another run's network has in its checkpoint.

    Raises:
        UserError: they are another network's, or one that isn't trained.
    """
    if isinstance(network, Published):
        raise UserError(
            f"weights={place}: spandrel's networks restore and aren't trained on: take a run's, or a DnCNN's"
        )
    own = {name: value for name, value in content["state_dict"].items() if name.startswith(NETWORK)}
    theirs = {name.removeprefix(NETWORK): value for name, value in own.items()}
    check_weights(theirs, network.state_dict(), place)
    network.load_state_dict(theirs)


def trained_on(store: Store, before: Mapping[str, Any]) -> list[str]:
    """The content keys of the training samples, and of those that the weights were trained on before."""
    return list(dict.fromkeys([*before.get("trained_on", []), *store.keys]))


def looks(store: Store, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """What near-duplicates of the training pictures are known by, now and before: their names and marks.

    before: the recipe of the checkpoint that the run begins from or goes on with, or nothing. Weights of others don't
        tell what they have seen.
    """
    known = before.get("looks")
    if known and set(store.keys) <= set(before["trained_on"]):
        return known
    marks = torch.from_numpy(marks_of(store))
    if not known:
        return {"names": list(store.names), "marks": marks}
    marks[:, 0] += len(known["names"])
    return {"names": [*known["names"], *store.names], "marks": torch.cat([known["marks"], marks])}
