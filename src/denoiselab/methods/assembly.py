"""From a resolved configuration to data, network and method. Python wires; yaml names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import nn

from denoiselab.config import accepted, build, is_node, resolve
from denoiselab.data import Data
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.methods.phases import Phase
from denoiselab.networks import Signature, signature_of
from denoiselab.streams import mix
from denoiselab.supervision import check_fit

Config = Mapping[str, Any]
AUX_CHANNELS = 3
"""Of an auxiliary picture: an albedo's colours, a normal's coordinates."""


def make_data(config: Config, *, trust: bool) -> Data:
    """The data module with its degradation and supervision; nothing is read yet."""
    return build(
        config["data"],
        "data",
        trust=trust,
        seed=config["seed"],
        degradation=build(config["noise"], "noise", trust=trust),
        test_degradation=build(measured_noise(config), "test_noise" if config["test_noise"] else "noise", trust=trust),
        supervision=build(config["supervision"], "supervision", trust=trust),
    )


def measured_noise(config: Config) -> dict[str, Any]:
    """The noise to measure on: the training's, but for the keys that `test_noise` says otherwise."""
    return _merged(config["noise"], config["test_noise"])


def _merged(node: Config, other: Config) -> dict[str, Any]:
    inner = {key: _merged(node[key], value) for key, value in other.items() if isinstance(node.get(key), Mapping)}
    return {**node, **other, **inner}


def check_parts(data: Data, method: Method) -> None:
    """Refuse, before anything is read, parts that would learn something else than to denoise.

    Raises:
        UserError: noise and loss, supervision and method, or noise and the network's scale, don't fit.
    """
    check_fit(data.supervision, data.degradation, method.objective, bends_target=method.bends_target)
    if method.domain is not data.supervision.domain:
        remedy = "supervision=label" if method.domain else "supervision=clean, or method=greedy for classes"
        raise UserError(
            f"supervision: {type(method).__name__} learns {'classes' if method.domain else 'pictures'}: take {remedy}"
        )
    scale, wanted = signature_of(method.network).scale, data.test_degradation.scale
    if signature_of(method.network) != Signature() and scale != wanted:
        raise UserError(
            f"model: {type(method.network).__name__} makes pictures {scale} times as large, but "
            f"{data.test_degradation.describe()} makes them {wanted} times smaller: "
            f"take model=edsr model.scale={wanted}, or another noise"
        )
    if data.supervision.noisy_target and method.samples_target:
        raise UserError(
            f"supervision: {type(method).__name__} learns to draw what its targets are drawn from, noise included: "
            f"take supervision=clean, or method=denoiser"
        )
    if data.supervision.halves and not method.halves:
        raise UserError(
            f"method: {type(method).__name__} would learn to repeat its input, which is its target too: "
            f"take method=neighbor2neighbor"
        )
    if method.halves and not data.supervision.halves:
        raise UserError(
            f"supervision: {type(method).__name__} makes its pairs of one noisy picture itself: "
            f"take supervision=neighbor2neighbor, or method=denoiser"
        )


def make_network(config: Config, *, trust: bool) -> nn.Module:
    """The network, its weights drawn from the seed alone; channels come from the data and the method."""
    node = config["model"]
    parameters = _parameters(node, "model", trust)
    channels = {"in_channels": network_channels(config, trust), "out_channels": config["data"].get("channels")}
    wired = {name: many for name, many in channels.items() if name in parameters and name not in node and many}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config["seed"])
        network = build(node, "model", trust=trust, **wired)
    if not isinstance(network, nn.Module):
        raise UserError(f"model._target_={node['_target_']} makes no torch.nn.Module: name a class of networks")
    return network


def _parameters(node: Config, key: str, trust: bool) -> Any:
    """What the class that a node names takes; nothing where it names none, which `build` refuses."""
    return accepted(resolve(str(node["_target_"]), key, trust=trust))[0] if "_target_" in node else {}


def input_channels(data: Config) -> int | None:
    """What a network sees of the data: its channels and, after them, three of each auxiliary picture."""
    channels = data.get("channels")
    return channels and channels + AUX_CHANNELS * len(data.get("aux", ()))


def network_channels(config: Config, trust: bool) -> int | None:
    """What a network sees of an observation: its channels, and what the method lays beside them."""
    channels, node = input_channels(config["data"]), config["method"]
    kind = resolve(str(node["_target_"]), "method", trust=trust) if "_target_" in node else Method
    known = isinstance(kind, type) and issubclass(kind, Method)
    return kind.network_channels(channels, node) if channels and known else channels


def make_method(config: Config, *, trust: bool) -> Method:
    """The method with its network, objective and phases of training; the noise too, where it asks for it."""
    node = config["method"]
    asks = "degradation" in _parameters(node, "method", trust)
    noise = {"degradation": build(config["noise"], "noise", trust=trust)} if asks else {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(mix(config["seed"], "method"))
        return build(
            node,
            "method",
            trust=trust,
            network=make_network(config, trust=trust),
            objective=build(config["loss"], "loss", trust=trust),
            phases=make_phases(config, trust=trust),
            seed=config["seed"],
            **noise,
        )


def make_phases(config: Config, *, trust: bool) -> list[Phase]:
    """One phase; or those that `optimizer.phases` names, in their order.

    Each has an `optimizer`, and may have a `scheduler` of its own, `steps` and `trains`.
    """
    node = config["optimizer"]
    if "phases" not in node:
        return [_phase({"optimizer": node}, "", config, trust)]
    if not isinstance(node["phases"], Mapping):
        raise UserError(f"optimizer.phases={node['phases']}: phases by name are needed, as optimizer=greedy has them")
    phases = {key: _phase(part, f"optimizer.phases.{key}.", config, trust) for key, part in node["phases"].items()}
    for key in list(phases)[:-1]:
        if (phases[key].steps or 0) < 1:
            raise UserError(f"optimizer.phases.{key}.steps={phases[key].steps}: every phase but the last has an end")
    return list(phases.values())


def _phase(node: Config, key: str, config: Config, trust: bool) -> Phase:
    if not isinstance(node, Mapping) or not is_node(node.get("optimizer")):
        raise UserError(f"{key}optimizer names no class: say which it is, {key}optimizer._target_=torch.optim.Adam")
    optimizer, own = node["optimizer"], {name: node[name] for name in node if name not in ("optimizer", "scheduler")}
    kind = resolve(str(optimizer["_target_"]), f"{key}optimizer", trust=trust)
    return build(
        {"_target_": "denoiselab.methods.Phase", **own},
        key.rstrip("."),
        trust=trust,
        optimizer=partial(_optimizer, optimizer, f"{key}optimizer", trust),
        schedule=build({**config, **node}["scheduler"], f"{key}scheduler", trust=trust),
        exact=isinstance(kind, type) and issubclass(kind, torch.optim.LBFGS),
    )


def _optimizer(node: Config, key: str, trust: bool, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    try:
        return build(node, key, trust=trust, params=parameters)
    except RuntimeError as error:  # of options that don't go together
        raise UserError(f"{key}: {error}") from error
