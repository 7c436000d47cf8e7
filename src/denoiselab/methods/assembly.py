"""From a resolved configuration to data, network and method. Python wires; yaml names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import nn

from denoiselab.config import accepted, build, resolve
from denoiselab.data import Data
from denoiselab.errors import UserError
from denoiselab.methods.base import Method
from denoiselab.methods.phases import Phase

Config = Mapping[str, Any]


def make_data(config: Config, *, trust: bool) -> Data:
    """The data module with its degradation and supervision; nothing is read yet."""
    return build(
        config["data"],
        "data",
        trust=trust,
        seed=config["seed"],
        degradation=build(config["noise"], "noise", trust=trust),
        supervision=build(config["supervision"], "supervision", trust=trust),
    )


def make_network(config: Config, *, trust: bool) -> nn.Module:
    """The network, its weights drawn from the seed alone; channels come from the data."""
    node = config["model"]
    parameters, _ = accepted(resolve(str(node["_target_"]), "model", trust=trust)) if "_target_" in node else ({}, {})
    channels = config["data"].get("channels")
    wired = {k: channels for k in ("in_channels", "out_channels") if k in parameters and k not in node and channels}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config["seed"])
        network = build(node, "model", trust=trust, **wired)
    if not isinstance(network, nn.Module):
        raise UserError(f"model._target_={node['_target_']} makes no torch.nn.Module: name a class of networks")
    return network


def make_method(config: Config, *, trust: bool) -> Method:
    """The method with its network, objective and phases of training."""
    optimizer = config["optimizer"]
    resolve(str(optimizer["_target_"]), "optimizer", trust=trust)
    phase = Phase(
        optimizer=partial(_optimizer, optimizer, trust),
        schedule=build(config["scheduler"], "scheduler", trust=trust),
    )
    return build(
        config["method"],
        "method",
        trust=trust,
        network=make_network(config, trust=trust),
        objective=build(config["loss"], "loss", trust=trust),
        phases=[phase],
        seed=config["seed"],
    )


def _optimizer(node: Config, trust: bool, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    try:
        return build(node, "optimizer", trust=trust, params=parameters)
    except ValueError as error:
        raise error if isinstance(error, UserError) else UserError(f"optimizer: {error}") from error
