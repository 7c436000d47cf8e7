"""What a run will do, said before it starts."""

from __future__ import annotations

import copy
import statistics
import time
from typing import Any

import torch
from lightning.pytorch import Trainer

from denoiselab.data import Data, PictureData
from denoiselab.data.picture_files import PictureFiles
from denoiselab.methods import Denoiser, Method
from denoiselab.methods.phases import steps_of_phases
from denoiselab.networks import signature_of
from denoiselab.report.results import many
from denoiselab.training.cautions import cautions

LABELS = {"train": "training", "val": "validation", "test": "test"}
MISSING = {
    "val": "the last checkpoint is the result",
    "test": "nothing is measured at the end; evaluate.py measures on any set",
}


def parameters(method: Method) -> int:
    """How many numbers the method learns."""
    return sum(p.numel() for p in method.parameters() if p.requires_grad)


def lines(data: Data, method: Method, config: Any, precision: str, device: str, takes: str) -> list[str]:
    """The run in a few lines: data, noise, network, method where it isn't the usual one, loss, device, time."""
    sets = [f"{LABELS[split]} {store.describe()}" for split, store in data.stores.items()]
    crops = f"; crops {data.crop_size} x {data.crop_size}" if isinstance(data, PictureData) else ""
    field = signature_of(method.network).receptive_field
    noise, measured = data.degradation.describe(), data.test_degradation.describe()
    said = [
        f"data      {', '.join(sets)}{crops}, batch {data.batch_size}",
        f"noise     {noise}; {type(data.supervision).__name__.lower()} targets"
        + (f"; measured on {measured}" if measured != noise else ""),
        f"network   {type(method.network).__name__}, {parameters(method):,} parameters, "
        f"receptive field {f'{field} x {field}' if field else 'unbounded or unknown'}",
        *([] if type(method) is Denoiser else [f"method    {method.describe()}"]),
        f"loss      {type(method.objective).__name__}, {optimizers(config['optimizer'])}",
        f"device    {device}, {precision}, {torch.get_num_threads()} threads",
        f"time      {takes}",
    ]
    notes = [f"note      {note}" for note in [*absent(data), *data.notes]]
    return said + notes + [f"WARNING   {line}" for line in cautions(data, method)]


def absent(data: Data) -> list[str]:
    """What follows from samples that are not there, or whose clean picture nobody knows."""
    unclean = {
        "val": f"the checkpoint is chosen by the loss on {data.supervision.held_out}",
        "test": "nothing is measured at the end",
    }
    not_found = data.not_found if isinstance(data, PictureFiles) else []
    return [
        *(f"left_out: no picture is called {name}" for name in not_found),
        *(f"no {LABELS[split]} pictures: {so}" for split, so in MISSING.items() if split not in data.stores),
        *(
            f"no clean {LABELS[split]} pictures: {so}"
            for split, so in unclean.items()
            if split in data.stores and "clean" not in data.stores[split].layers
        ),
    ]


def optimizers(node: Any) -> str:
    """The optimizer, or those of the phases one after another, with their learning rates."""
    phases = node["phases"].values() if "phases" in node else [{"optimizer": node}]
    said = []
    for phase in phases:
        name, rate = phase["optimizer"]["_target_"].rpartition(".")[2], phase["optimizer"].get("lr", "?")
        said.append(f"{name} at {rate}" + (f" for {phase['steps']:,} steps" if phase.get("steps") else ""))
    return ", then ".join(said)


def duration(steps: int, step: float, validations: int, validation: float, measured: int) -> str:
    """How long a run takes, in words.

    step, validation: seconds of one. measured: test pictures that are measured at the end, which comes on top.
    """
    said = f"{many(steps, 'step')} of about {1000 * step:.0f} ms"
    if validation:
        said += f" and {many(validations, 'validation')} of about {spoken(validation)}"
    said += f": about {spoken(steps * step + validations * validation)}"
    return said + (f", then {many(measured, 'test picture')} to measure" if measured else "")


def seconds_per_validation(trainer: Trainer, method: Method, data: Data, limit: int | None) -> float:
    """The time that a validation takes, from that of its first batch; limit: batches that are taken, None for all."""
    chunks = data.chunks("val")[:limit] if "val" in data.stores else []
    if not chunks:
        return 0.0
    device, precision = trainer.strategy.root_device, trainer.precision_plugin
    trial = copy.deepcopy(method).to(device).eval()
    precision.convert_module(trial)
    start = time.perf_counter()
    batch = precision.convert_input(data.measured_batch("val", chunks[0], device, lambda p, _: data.validated(p)))
    with torch.no_grad(), precision.forward_context():
        trial.restore(batch.observation).mean.float().cpu()
    return (time.perf_counter() - start) * len(chunks)


def seconds_per_step(trainer: Trainer, method: Method, data: Data, steps: range) -> float:
    """The measured time of a step (batch, forward, backward, optimizer), on a copy that is thrown away.

    steps: those to come, over whose phases it is the mean. Of two players (a GAN) the generator's step alone.
    """
    counts = steps_of_phases(method.phases, steps)
    trial = copy.deepcopy(method).to(trainer.strategy.root_device).train()
    if trial.compiled:
        trial.compile_network()  # a copy is not; what is compiled here serves the run too
    trainer.precision_plugin.convert_module(trial)
    seconds = {number: seconds_of_phase(trainer, trial, data, number) for number in counts}
    return sum(counts[number] * seconds[number] for number in counts) / sum(counts.values())


def seconds_of_phase(trainer: Trainer, trial: Method, data: Data, number: int, steps: int = 3) -> float:
    """The median time of a few steps of a phase, from its first batch on."""
    phase = trial.phases[number]
    trial.position = 1 + sum(before.steps or 0 for before in trial.phases[:number])
    device, precision = trainer.strategy.root_device, trainer.precision_plugin
    optimizer = phase.optimizer(phase.parameters(trial))
    times = []
    for step in range(steps + 1):
        start = time.perf_counter()
        batch = precision.convert_input(data.training_batch(step, 0, trainer.world_size, device))

        def descend(batch: Any = batch) -> Any:
            optimizer.zero_grad()
            with precision.forward_context():
                loss = trial.loss(batch, 0.0)
            loss.backward()
            return loss

        optimizer.step(descend)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def spoken(seconds: float) -> str:
    """A duration in words: 300 ms, 40 s, 5 min, 3.2 h."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
