"""Where a run is logged: the run folder's metrics.csv, and TensorBoard or Weights & Biases beside it."""

from __future__ import annotations

import netrc
import os
import shlex
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from lightning.pytorch.loggers import Logger, TensorBoardLogger, WandbLogger
from lightning.pytorch.utilities import rank_zero_only

from denoiselab.config import check, suggest
from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.report.tables import Table
from denoiselab.sweep.ledger import RUN_ID
from denoiselab.training.csv_logger import CsvLogger

NAMES = ("none", "csv", "tensorboard", "wandb")
ACCOUNT_VARIABLES = ("WANDB_API_KEY", "WANDB_IDENTITY_TOKEN_FILE")


class StepsDone(Logger):
    """Counts the steps done, as `metrics.csv` does: after the first step 1, where Lightning says 0."""

    def log_metrics(self, metrics: Any, step: int | None = None) -> None:
        """Hand on what is logged."""
        super().log_metrics(metrics, None if step is None else step + 1)  # type: ignore[safe-super]


class TensorBoard(StepsDone, TensorBoardLogger):
    """TensorBoard by steps done."""


class Wandb(StepsDone, WandbLogger):
    """Weights & Biases by steps done."""


def make_loggers(
    name: str,
    options: Mapping[str, Any],
    run_dir: Path,
    config: Mapping[str, Any],
    group: str | None = None,
    step: int | None = None,
) -> list[Logger]:
    """The loggers of a run, `metrics.csv` first.

    Args:
        name: none (no metrics file at all), csv, tensorboard or wandb; the last two come with csv.
        options: what conf/logger says further; for wandb the arguments of `start_wandb`.
        run_dir: the run folder, in which everything is written.
        config: the resolved configuration as plain nested data, and under `choices` the options that it came from.
        group: what the runs of one study share, unless the options name a group.
        step: steps done, where a run resumes: later rows of the CSV go, later TensorBoard events are hidden. W&B
            can't take back: the steps since the checkpoint are logged twice, under the same trainer/global_step.
    """
    if name == "none":
        return []
    run_dir.mkdir(parents=True, exist_ok=True)
    csv, beside = CsvLogger(run_dir), list[Logger]()
    if name == "tensorboard":
        beside = [TensorBoard(run_dir, "", "tensorboard", default_hp_metric=False, purge_step=step and step + 1)]
    if name == "wandb":
        merged = {**options, "group": options.get("group") or group}
        beside = [Wandb(experiment=start_wandb(run_dir=run_dir, config=config, **merged))]
    if step is not None:
        csv.cut_back(step)
    return [csv, *beside]


def check_logger(name: str, options: Mapping[str, Any]) -> None:
    """Refuse a name or an option that no logger has."""
    if name not in NAMES:
        raise UserError(f"logger={name}: no such logger{suggest(name, NAMES)}")
    check(start_wandb if name == "wandb" else no_options, options, "logger", {"run_dir": None, "config": None})


def no_options() -> None:
    """The signature of the loggers that have none."""


@rank_zero_only
def start_wandb(
    *,
    run_dir: Path,
    config: Mapping[str, Any],
    project: str,
    entity: str | None,
    group: str | None,
    tags: Sequence[str],
    run_name: str | None,
    mode: Literal["online", "offline", "disabled"] | None,
) -> Any:
    """Open a W&B run, the same one again when the run folder already has one.

    Args:
        run_dir: gets `wandb/` with the run's files and `wandb_id` with its id.
        config: the resolved configuration.
        project: the project's name.
        entity: user or team; none is the account's own.
        group: what the runs of one study share.
        tags: words to filter by.
        run_name: the name shown; none is the run folder's.
        mode: none asks WANDB_MODE, and without it is online where an account is configured and offline elsewhere.
    """
    import wandb

    mode = mode or (None if os.environ.get("WANDB_MODE") or has_account() else "offline")
    try:
        run = wandb.init(
            dir=run_dir, config=dict(config), project=project, entity=entity, group=group, tags=list(tags),
            name=run_name or run_dir.name, mode=mode, id=run_id(run_dir), resume="allow", reinit="create_new",
            settings=wandb.Settings(silent=True, console="off"),
        )  # fmt: skip
    except wandb.Error as error:
        line = " ".join(str(error).split())
        raise UserError(
            f"logger=wandb can't start ({line}): log in with `wandb login`, or WANDB_MODE=offline"
        ) from error
    run.define_metric("trainer/global_step")
    run.define_metric("*", step_metric="trainer/global_step", step_sync=True)
    if run.offline:
        print(f"W&B is offline; to upload this run: wandb sync {shlex.quote(str(run_dir / 'wandb'))}/offline-run-*")
    elif run.url:
        print(f"W&B: {run.url}")
    return run


def run_id(run_dir: Path) -> str:
    """The W&B id of a run folder, made once and kept in it; the agent of a W&B sweep has named it already."""
    path = run_dir / RUN_ID
    if not path.exists():
        with atomic(path) as draft:
            draft.write_text((os.environ.get("WANDB_RUN_ID") or uuid.uuid4().hex[:12]) + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def has_account() -> bool:
    """Whether this machine has a W&B key: in the environment, or in netrc for the server in use."""
    import wandb

    if any(os.environ.get(name) for name in ACCOUNT_VARIABLES):
        return True
    server = urlsplit(wandb.setup().settings.base_url).netloc
    try:
        entries = netrc.netrc(os.environ.get("NETRC")).hosts
    except (OSError, netrc.NetrcParseError):
        return False
    return any(host == server or "wandb" in host for host in entries)


@rank_zero_only
def set_summary(loggers: Sequence[Logger], values: Mapping[str, Any]) -> None:
    """Set what describes the run as a whole: parameters, receptive field, the best PSNR."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.experiment.summary.update(dict(values))
        elif isinstance(logger, TensorBoardLogger):
            for name, value in values.items():
                if value is not None:
                    logger.experiment.add_scalar(name, value)


@rank_zero_only
def log_table(loggers: Sequence[Logger], name: str, table: Table | None) -> None:
    """Log a table of results under a name, and the figures of its last row, the network's, as the run's summary."""
    if table is None:
        return
    figures = {key: value for key, value in table.rows[-1].items() if isinstance(value, float)}
    set_summary(loggers, {f"{name}/{key}": value for key, value in figures.items()})
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            import wandb

            rows = [[row.get(column) for column in table.columns] for row in table.rows]
            logger.experiment.log({name: wandb.Table(columns=list(table.columns), data=rows)})
        elif isinstance(logger, TensorBoardLogger):
            logger.experiment.add_text(name, table.markdown())


@rank_zero_only
def finish(loggers: Sequence[Logger], *, failed: bool = False) -> None:
    """Close a run's loggers, so that the next run of this process gets its own."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.experiment.finish(exit_code=int(failed))
        else:
            logger.finalize("failed" if failed else "success")
