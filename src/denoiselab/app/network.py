"""The network of the weights that a run begins from, `weights=RUN`, said as on a command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from denoiselab.app.argv import named, only_shows, plain
from denoiselab.app.options import content, option_of, replaced
from denoiselab.app.runs import opened
from denoiselab.builtin import place_of
from denoiselab.errors import UserError

GENTLE = "optimizer=muon_gentle"
"""For a network of which no option says what it takes: the rate at which all kinds of networks train."""


def network_of(arguments: Sequence[str]) -> list[str]:
    """The words for the architecture and the channels of the weights that are named.

    A network that was typed, or is an experiment's own, stays; weights of another one are refused when they are loaded.

    Raises:
        UserError: several weights (`-m weights=A,B`) differ in network or channels; or one needs code of its own.
    """
    places = listed(named(arguments, "weights"))
    if not places or (only_shows(arguments) and not all(place_of(place).exists() for place in places)):
        return []
    said = [words(opened(place, key="weights")[1]["denoiselab"]["config"], arguments) for place in places]
    for place, other in zip(places, said, strict=True):
        if other != said[0]:
            raise UserError(f"weights: {places[0]} and {place} differ in network or channels: sweep each by itself")
    return said[0]


def listed(value: str | None) -> list[str]:
    """The weights that are named, more than one in a sweep, where one may be null."""
    parts = [] if value is None else [value] if Path(value).exists() else map(plain, value.split(","))
    return [part for part in parts if part != "null"]


def words(config: Mapping[str, Any], arguments: Sequence[str]) -> list[str]:
    """What a person would have typed to compose the network and its channels, unless it was typed."""
    from denoiselab.config import check_trust

    if named(arguments, "trust") not in ("true", "True"):
        check_trust({"model": config["model"]})
    experiments = {".".join(path) for path in replaced("experiment", named(arguments, "experiment"))}
    said = experiments | {argument.partition("=")[0].lstrip("+") for argument in arguments}
    network = [] if said & {"model", "model._target_"} else model_words(config["model"], said)
    channels, source = config["data"].get("channels"), content("data", named(arguments, "data") or "photos")
    own = channels is None or "channels" not in source or "data.channels" in said or "data" in experiments
    return network + ([] if own else [f"data.channels={channels}"])


def model_words(model: Mapping[str, Any], said: set[str]) -> list[str]:
    """The option, or the class, and the numbers in which the network differs from it."""
    option = option_of("model", model["_target_"])
    usual = content("model", option)
    own = {key: value for key, value in model.items() if key not in usual or usual[key] != value}
    head = [f"model={option}"] if option else [f"model._target_={own.pop('_target_')}"]
    head += [] if option or said & {"optimizer", "experiment"} else [GENTLE]
    return head + [f"++model.{key}={json.dumps(value)}" for key, value in own.items()]
