"""A training run from a resolved configuration to a folder with everything that is worth keeping."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

import torch
import yaml
from lightning.pytorch import Callback, Trainer
from lightning.pytorch.callbacks import LearningRateMonitor
from lightning.pytorch.loggers import Logger
from lightning.pytorch.utilities import rank_zero_only

from denoiselab.config import build, needs_trust
from denoiselab.data import Data, PictureData
from denoiselab.drafts import atomic, remove_drafts
from denoiselab.errors import Interrupted, UserError
from denoiselab.methods import Method
from denoiselab.methods.assembly import check_parts, make_data, make_method
from denoiselab.methods.checkpoint import BEST, LAST, find_checkpoint, read_checkpoint
from denoiselab.methods.phases import phase_at
from denoiselab.networks import signature_of
from denoiselab.report.contact import contact_sheet
from denoiselab.report.curves import curves
from denoiselab.report.measure import Measurement, measure
from denoiselab.report.tables import Table
from denoiselab.sweep.ledger import write_overrides
from denoiselab.training import summary
from denoiselab.training.begin import check_weights, looks, optimizer_kind, take_over, trained_on
from denoiselab.training.checkpoints import GracefulStop, Keeper, Recipe, Stopped
from denoiselab.training.guard import LossGuard
from denoiselab.training.loggers import check_logger, finish, log_table, make_loggers, set_summary
from denoiselab.training.process import prepare_process
from denoiselab.training.progress import Progress
from denoiselab.training.throughput import Throughput
from denoiselab.training.trainer import compiles, leave_group, make_trainer, total_steps, validation_interval

UNUSED = "find_unused_parameters_true"
"""The strategies of Lightning's under which devices don't wait for gradients that never come."""


@dataclass(frozen=True)
class Run:
    """What a training run is made of.

    config: the resolved configuration as plain nested data; choices: the group options it came from.
    folder: where everything is written.
    resume: the checkpoint to go on from.
    overrides: what the command line named; the axes of a sweep's table.
    group: the sweep that the run belongs to.
    trust: whether the configuration may name code outside this package and torch.
    """

    config: Mapping[str, Any]
    choices: Mapping[str, str]
    folder: Path
    resume: Path | None = None
    overrides: tuple[str, ...] = ()
    group: str | None = None
    trust: bool = True


def train(run: Run) -> Table | None:
    """Train, then measure on the test pictures beside the baselines; the table, on the first rank only.

    Everything is built and checked before anything is written: a refused run leaves its folder as it was.
    """
    _check_folder(run)
    prepare_process()
    config = run.config
    data, method = make_data(config, trust=run.trust), make_method(config, trust=run.trust)
    check_parts(data, method)
    data.setup("fit")
    data.setup("test")
    total = total_steps(config["trainer"], data.steps_per_epoch)
    before, done = _begun(run, method)
    if run.resume and done >= total:
        said = f"{run.resume.parent} is finished: {done:,} steps are done; to train on: trainer.max_steps={2 * done}"
        if run.resume.parent.resolve() != run.folder.resolve():
            raise UserError(said)
        if getattr(rank_zero_only, "rank", 0):
            raise SystemExit(0)  # the first process measures alone
        print(said)
        remove_drafts(run.folder)
        return _measure(run, data)
    _lay_out(method)
    trainer, stop = _trainer(run, data, method, total, before)
    lines = _announcement(run, trainer, data, method, done, total) if trainer.is_global_zero else []
    trainer.loggers = _open(run, done)
    if trainer.is_global_zero:
        contact_sheet(data, run.folder / "examples.png")
    set_summary(trainer.loggers, {
        "parameters": summary.parameters(method),
        "receptive_field": signature_of(method.network).receptive_field,
    })  # fmt: skip
    print("\n".join(lines), end="\n" if lines else "", flush=True)
    failed = True
    try:
        _fit(run, trainer, data, method)
        table = _measure(run, data) if trainer.is_global_zero and not stop.asked else None
        log_table(trainer.loggers, "test", table)
        failed = False
    except UserError:
        if trainer.is_global_zero:
            raise
        raise SystemExit(1) from None  # the first process says what is wrong
    finally:
        finish(trainer.loggers, failed=failed)
    if not trainer.is_global_zero:
        raise SystemExit(0)  # the first process goes on alone
    if stop.asked:
        raise Interrupted(f"stopped at step {trainer.global_step:,}; to go on: {run_arguments(run.folder, run.config)}")
    return table


def run_arguments(folder: Path, config: Mapping[str, Any]) -> str:
    """How a command names this run, quoted for a shell."""
    return f"ckpt={quote(str(folder))}" + (" trust=true" if needs_trust(config) else "")


def _fit(run: Run, trainer: Trainer, data: Data, method: Method) -> None:
    """Train to the end, or until it is asked to stop."""
    try:
        trainer.fit(method, datamodule=data, ckpt_path=str(run.resume) if run.resume else None)
    except Stopped:
        pass
    except SystemExit as error:  # Lightning's end of a Ctrl-C that nobody waited for
        raise KeyboardInterrupt from error
    finally:
        leave_group()


@rank_zero_only
def _check_folder(run: Run) -> None:
    """Refuse a folder that holds another run."""
    own = run.resume is not None and run.resume.parent.resolve() == run.folder.resolve()
    if (run.folder / LAST).exists() and not own:
        raise UserError(
            f"{run.folder} holds {'another' if run.resume else 'a'} run already: go on with ckpt={run.folder}, "
            f"or name another hydra.run.dir"
        )


def _lay_out(method: Method) -> None:
    """Convolutions' weights channels-last, as pictures are; buffers stay, for devices exchange them as they lie."""
    for weight in method.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)


def _begun(run: Run, method: Method) -> tuple[Mapping[str, Any], int]:
    """Of the checkpoint that the run goes on with, or takes its network's weights from: its recipe; the steps done."""
    if run.resume:
        content = read_checkpoint(run.resume)
        check_weights(content["state_dict"], method.state_dict(), run.resume)
        phase = phase_at(method.phases, content["position"])[0]
        before, now = (optimizer_kind(one, phase) for one in (content["denoiselab"]["config"], run.config))
        method.new_optimizer = now if now != before else ""
        return content["denoiselab"], int(content["global_step"])
    if (place := run.config.get("weights")) is None:  # a sweep's job may be older than this key
        return {}, 0
    content = read_checkpoint(find_checkpoint(place, key="weights"))
    take_over(content, method.network, place)
    return content["denoiselab"], 0


def _open(run: Run, done: int) -> list[Logger]:
    """Make the run folder ready; the loggers. They refuse what they can't do before anything is written."""
    options = dict(run.config["logger"])
    said = {**run.config, "choices": dict(run.choices)}
    check_logger(name := options.pop("name"), options)
    _clear(run)
    loggers = make_loggers(name, options, run.folder, said, run.group, done)
    _write(run, done)
    return loggers


@rank_zero_only
def _clear(run: Run) -> None:
    """What a killed process left half-done goes."""
    run.folder.mkdir(parents=True, exist_ok=True)
    remove_drafts(run.folder)
    if run.resume is None:
        (run.folder / "metrics.csv").unlink(missing_ok=True)


@rank_zero_only
def _write(run: Run, done: int) -> None:
    """What this run is made of; a best checkpoint of steps that are taken back goes."""
    best = run.folder / BEST
    if best.exists() and int(read_checkpoint(best)["global_step"]) > done:
        best.unlink()
    with atomic(run.folder / "config.yaml") as path:
        path.write_text(yaml.safe_dump(dict(run.config), sort_keys=False, allow_unicode=True))
    write_overrides(run.folder, run.overrides)


def _trainer(
    run: Run, data: Data, method: Method, total: int, before: Mapping[str, Any]
) -> tuple[Trainer, GracefulStop]:
    """The Trainer without its loggers, and the callback that knows whether a stop was asked for.

    before: the recipe of the checkpoint that the run begins from or goes on with.
    """
    options, config, train = run.config["trainer"], run.config, data.stores["train"]
    every = validation_interval(options["val_every"], total)
    logs = options["log_every_n_steps"]
    if type(logs) is not int or logs < 0:
        raise UserError(f"trainer.log_every_n_steps={logs}: a whole number is needed; 0 logs nothing but validations")
    stop = GracefulStop(run.folder, every, logs)
    own = [build(node, f"callbacks.{name}", trust=run.trust) for name, node in config["callbacks"].items() if node]
    callbacks: list[Callback] = [
        Recipe(
            config,
            run.choices,
            trained_on(train, before),
            partial(looks, train, before) if isinstance(data, PictureData) else None,
        ),
        Progress(),
        LossGuard(logs),
        Throughput(logs, data.batch_size),
        stop,
        *own,
    ]
    callbacks += [LearningRateMonitor("step")] if config["logger"]["name"] != "none" else []
    validated = "val" in data.stores and options.get("limit_val_batches") != 0
    callbacks += [Keeper(run.folder, every, data.watched if validated else None)]
    exact = any(phase.exact for phase in method.phases)
    trainer = make_trainer(options, run.folder, total, every, [], callbacks, exact=exact)
    if compiles(options.get("compile", "auto"), trainer.strategy.root_device):
        method.compile_network()
    if not validated:
        trainer.limit_val_batches = 0
    if trainer.world_size > 1 and method.skips_parameters and UNUSED not in str(options.get("strategy")):
        name, remedy = type(method).__name__, f"trainer.devices=1, or trainer.strategy=ddp_{UNUSED}"
        raise UserError(f"trainer.strategy: a step of {name} leaves parameters without a gradient: take {remedy}")
    if data.batch_size % trainer.world_size:
        raise UserError(f"data.batch_size={data.batch_size} can't be shared among {trainer.world_size} devices")
    return trainer, stop


def _announcement(run: Run, trainer: Trainer, data: Data, method: Method, done: int, total: int) -> list[str]:
    """What the run will do, in lines; it has tried a few steps."""
    data.stores["train"].to(trainer.strategy.root_device)
    given = data.training_batch(0, 0, trainer.world_size, trainer.strategy.root_device).input.shape[1]
    if (wanted := method.in_channels) not in (None, given):
        remedy = (
            "leave model.in_channels away" if "in_channels" in run.config["model"] else f"set data.channels={wanted}"
        )
        raise UserError(f"model: the network takes {wanted} channels, the data gives {given}: {remedy}")
    options, every = run.config["trainer"], int(trainer.val_check_interval)
    takes = summary.duration(
        steps=total - done,
        step=summary.seconds_per_step(trainer, method, data, range(done, total)),
        validations=math.ceil(total / every) - done // every,
        validation=summary.seconds_per_validation(trainer, method, data, options.get("limit_val_batches")),
        measured=sum(map(len, _test_chunks(run, data))),
    )
    device = f"{trainer.world_size} x {trainer.strategy.root_device.type}{', compiled' if method.compiled else ''}"
    source = f", from the weights of {run.config['weights']}" if run.config.get("weights") and not run.resume else ""
    anew = f", {method.new_optimizer} anew" if method.new_optimizer else ""
    first = f"{'going on with' if run.resume else 'run'} {run.folder}{source}{anew}"
    return [first, *summary.lines(data, method, run.config, str(trainer.precision), device, takes)]


def _test_chunks(run: Run, data: Data) -> list[list[int]]:
    """What is measured when the run ends: nothing where no clean picture is known to measure against."""
    if "test" not in data.stores or "clean" not in data.stores["test"].layers:
        return []
    return data.chunks("test")[: run.config["trainer"].get("limit_test_batches")]


def _measure(run: Run, data: Data) -> Table | None:
    """The trained network beside the noisy input and the classical baselines, in the run folder."""
    if run.config["logger"]["name"] != "none":
        curves(run.folder / "metrics.csv", run.folder / "curves.png")
    if not _test_chunks(run, data):
        return None
    content, baselines = read_checkpoint(find_checkpoint(run.folder)), run.config["baselines"]
    limit, said = run.config["trainer"].get("limit_test_batches"), data.notes
    job = Measurement(content, run.config, run.folder, baselines=baselines, limit=limit, trust=run.trust, said=said)
    return measure(job)[0]
