"""What it would gain to train networks of one shape as one, measured between the steps of a real run.

The weights are stacked and one step moves them all (`torch.func`); each network has its own initial weights, order of
samples and noise. First the networks are held against the same ones alone, in float64. Then the run, a plain loop and
the stack work by turns; a factor is the median over the rounds of two times of one round: CPU time, which other work
on the machine changes least, or on a GPU the clock's. For Adam and SGD, whose steps take each weight by itself.
"""

from __future__ import annotations

import copy
import itertools
import random
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import yaml
from benchmarks.pace import Clock
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor
from torch.func import functional_call, stack_module_state, vmap

from denoiselab.batch import Batch, Observation
from denoiselab.data.order import Order
from denoiselab.methods.assembly import make_method

ROUND_S = 0.05
FIRST = 20
"""Steps of the run before the first round, which warms up and doesn't count."""


class Alone:
    """A network in a plain loop: its own weights, order of samples, noise and optimizer."""

    def __init__(self, trainer: Trainer, seed: int, dtype: torch.dtype) -> None:
        config = yaml.safe_load((Path(trainer.default_root_dir) / "config.yaml").read_text())
        self.device, self.dtype = trainer.strategy.root_device, dtype
        self.method = make_method({**config, "seed": seed}, trust=True).to(self.device, dtype)
        self.method.to(memory_format=torch.channels_last)
        self.data: Any = copy.copy(getattr(trainer, "datamodule"))  # noqa: B009
        self.data.seed, self.data.order = seed, Order(len(self.data.stores["train"]), seed)
        self.context = trainer.precision_plugin.forward_context if dtype == torch.float32 else torch.enable_grad
        self.optimizer = self.method.phases[0].optimizer(self.method.network.parameters())

    def batch(self, step: int) -> list[Tensor]:
        """Input and target of a step."""
        batch = self.data.training_batch(step, 0, 1, self.device)
        return [batch.input.to(self.dtype), batch.target.to(self.dtype)]

    def step(self, given: Sequence[Tensor]) -> None:
        """Move the weights by a batch."""
        self.optimizer.zero_grad()
        with self.context():
            loss = loss_of(self.method, {}, *given)
        loss.backward()
        self.optimizer.step()


class Packed:
    """Networks of one shape, whose stacked weights one step moves."""

    def __init__(self, networks: Sequence[Alone]) -> None:
        self.networks, self.first = networks, networks[0]
        self.weights, self.buffers = stack_module_state([network.method.network for network in networks])
        self.optimizer = self.first.method.phases[0].optimizer(self.weights.values())

    def batch(self, step: int) -> list[Tensor]:
        """The networks' inputs and targets of a step, stacked."""
        return [torch.stack(parts) for parts in zip(*(n.batch(step) for n in self.networks), strict=True)]

    def step(self, given: Sequence[Tensor]) -> None:
        """Move each network's weights by its batch; the gradient of a sum is each one's own."""
        self.optimizer.zero_grad()
        losses = vmap(lambda own, buffers, *pair: loss_of(self.first.method, {**own, **buffers}, *pair))
        with self.first.context():
            loss = losses(self.weights, self.buffers, *given).sum()
        loss.backward()
        self.optimizer.step()


def loss_of(method: Any, weights: dict[str, Tensor], value: Tensor, target: Tensor) -> Tensor:
    """The loss of a method's network, with these weights in place of its own."""
    restored = functional_call(method.network, weights, (value,))
    loss: Tensor = method.objective(restored, Batch(Observation(value), target, torch.empty(0)), 0.0)
    return loss


def difference(trainer: Trainer, steps: int = 10, networks: int = 3) -> float:
    """Between packed and alone in float64: the largest over all weights, of the largest weight of a layer."""
    alone = [Alone(trainer, seed, torch.float64) for seed in range(networks)]
    packed = Packed([Alone(trainer, seed, torch.float64) for seed in range(networks)])
    for step in range(steps):
        packed.step(packed.batch(step))
        for network in alone:
            network.step(network.batch(step))
    pairs = [
        (packed.weights[name][number].detach(), own.detach())
        for number, network in enumerate(alone)
        for name, own in network.method.network.named_parameters()
    ]
    return max(float((stacked - own).abs().max() / own.abs().max()) for stacked, own in pairs)


class Beside(Callback):
    """Holds the run between two rounds of its steps, times the other ways meanwhile, and ends it with a table.

    networks: how many are packed.
    """

    def __init__(self, *, networks: int, rounds: int) -> None:
        self.networks, self.rounds = networks, rounds

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        print(f"packed beside alone, 10 steps in float64: {difference(trainer):.0e}", flush=True)
        alone = Alone(trainer, 0, torch.float32)
        packed = Packed([Alone(trainer, seed, torch.float32) for seed in range(self.networks)])
        given, stacked, steps = alone.batch(0), packed.batch(0), itertools.count()
        self.ways: dict[str, tuple[int, Callable[[], object]]] = {
            "plain loop": (1, lambda: alone.step(alone.batch(next(steps)))),
            "plain loop, batch given": (1, lambda: alone.step(given)),
            "packed": (self.networks, lambda: packed.step(packed.batch(next(steps)))),
            "packed, batches given": (self.networks, lambda: packed.step(stacked)),
            "batch": (1, lambda: alone.batch(next(steps))),
        }
        self.clock, self.key = Clock(alone.device), "wall_s" if alone.device.type == "cuda" else "cpu_s"
        self.seconds: dict[str, list[float]] = {name: [] for name in ("run", *self.ways)}
        self.left = self.steps = FIRST
        self.clock.start()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        self.left -= 1
        if self.left:
            return
        self.seconds["run"].append(self.clock.stop()[self.key] / self.steps)
        for name, (networks, work) in random.sample(list(self.ways.items()), len(self.ways)):
            calls = max(1, int(ROUND_S / networks / self.seconds["run"][0]))
            self.clock.start()
            for _ in range(calls):
                work()
            self.seconds[name].append(self.clock.stop()[self.key] / calls / networks)
        if len(self.seconds["run"]) > self.rounds:
            self.show()
            raise KeyboardInterrupt
        self.left = self.steps = max(1, int(ROUND_S / self.seconds["run"][0]))
        self.clock.start()

    def show(self) -> None:
        """Print what a step of one network costs each way."""
        _, *run = self.seconds["run"]
        print("| way | ms | run ÷ way |\n|---|---:|---:|")
        for name, (_, *own) in self.seconds.items():
            factors = [above / below for above, below in zip(run, own, strict=True)]
            low, middle, high = statistics.quantiles(factors, n=4)
            print(f"| {name} | {1000 * statistics.median(own):.2f} | {middle:.2f} ± {(high - low) / 2:.2f} |")
