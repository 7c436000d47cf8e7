"""A sweep's dashboard at Weights & Biases, as code: its runs, what they change as columns, and plots over them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from denoiselab.drafts import atomic
from denoiselab.errors import UserError
from denoiselab.report.plots import LABELS, PARAMETERS
from denoiselab.sweep.leaderboard import FIGURE
from denoiselab.sweep.ledger import AXES, JOB, RUN_ID, jobs, read
from denoiselab.sweep.plots import KEYS, architecture
from denoiselab.web.scales import styles

ADDRESS = "dashboard.url"
MEASURED = f"test/{FIGURE}"
"""What W&B calls a run's figure on the test pictures."""


def publish(sweep: Path, options: Mapping[str, Any]) -> str:
    """Write the dashboard at W&B, over the one that this wrote before; its address.

    options: `project`, `entity` (None is the account's own) and `group` (None is the sweep's name) of its runs.

    Raises:
        UserError: wandb-workspaces is missing, or W&B refuses.
    """
    import wandb

    kept = sweep / ADDRESS
    try:
        made = dashboard(sweep, {**options, "entity": options["entity"] or wandb.Api().default_entity})
        if kept.exists():
            with suppress(ValueError):  # somebody deleted it
                made = _over(kept.read_text(encoding="utf-8").strip(), made)
        address: str = made.save().url
    except (wandb.Error, OSError, ValueError) as error:
        raise UserError(f"logger=wandb: W&B refuses the dashboard ({' '.join(str(error).split())})") from error
    with atomic(kept) as draft:
        draft.write_text(f"{address}\n", encoding="utf-8")
    return address


def logged(sweep: Path) -> dict[str, Any] | None:
    """What the sweep's jobs say of W&B; None where they are not logged there."""
    loggers = (read(job / JOB).get("config", {}).get("logger", {}) for job in jobs(sweep))
    return next((logger for logger in loggers if logger.get("name") == "wandb"), None)


def waiting(sweep: Path) -> list[Path]:
    """Runs that were logged without a connection and are not uploaded yet."""
    return sorted(run for run in sweep.glob("*/wandb/offline-run-*") if not any(run.glob("*.synced")))


def dashboard(sweep: Path, options: Mapping[str, Any]) -> Any:
    """The `Workspace` of a sweep: the runs of its group and no others, each architecture in a colour of its own.

    Its columns are what the jobs change. An option of a group (`model=dncnn`) lies in a run's configuration below
    `choices`, any other value at its own place. options: those of `publish`.

    Raises:
        UserError: wandb-workspaces is missing.
    """
    try:
        import wandb_workspaces.reports.v2 as wr
        import wandb_workspaces.workspaces as ws
        from wandb_workspaces.expr import And, Metric, Ordering, Summary
    except ModuleNotFoundError as error:
        raise UserError(
            "logger=wandb needs wandb-workspaces here, which is missing; pip install 'denoiselab[wandb]'"
        ) from error

    columns = swept(sweep)
    figure, size = wr.SummaryMetric(MEASURED), wr.SummaryMetric(PARAMETERS)
    across = {plot: wr.Config(columns[key]) for plot, key in KEYS.items() if key in columns} | {PARAMETERS: size}
    plots: list[Any] = [
        wr.ScatterPlot(title=f"PSNR against {LABELS[plot]}", x=x, y=figure, log_x=plot == PARAMETERS)
        for plot, x in across.items()
    ]
    ways = [wr.ParallelCoordinatesPlotColumn(wr.Config(place), name) for name, place in columns.items()]
    ways += [wr.ParallelCoordinatesPlotColumn(size), wr.ParallelCoordinatesPlotColumn(figure)]
    pictures = wr.MediaBrowser(media_keys=["val/pictures"], grid_x_axis="index", grid_y_axis="run")
    alone = ws.SectionLayoutSettings(columns=1, rows=1)
    return ws.Workspace(
        entity=options["entity"],
        project=options["project"],
        name=re.sub(r"[^\w .,()-]+", "-", sweep.name),
        sections=[
            ws.Section("PSNR", plots, is_open=True),
            ws.Section("Every job", [wr.ParallelCoordinatesPlot(ways)], is_open=True, layout_settings=alone),
            ws.Section("Pictures", [pictures], is_open=True, layout_settings=alone),
        ],
        settings=ws.WorkspaceSettings(max_runs=len(jobs(sweep))),
        runset_settings=ws.RunsetSettings(
            filters=And(Metric("Group") == (options["group"] or sweep.name)),
            order=[Ordering(Summary(MEASURED), ascending=False)],
            pinned_columns=[*(f"config:{_accessor(place)}" for place in columns.values()), f"summary:{MEASURED}"],
            run_settings={run: ws.RunSettings(color=colour) for run, colour in colours(sweep).items()},
        ),
    )


def swept(sweep: Path) -> dict[str, str]:
    """What the jobs differ in, and where it lies in a run's configuration."""
    said, chosen = (
        [read(job / AXES) for job in jobs(sweep)],
        [read(job / JOB).get("choices", {}) for job in jobs(sweep)],
    )
    differ = [key for key in said[0] if len({one.get(key) for one in said}) > 1]
    return {key: f"choices.{key}" if any(key in one for one in chosen) else key for key in differ}


def colours(sweep: Path) -> dict[str, str]:
    """Each logged run's colour, by its id."""
    runs = {job: job / RUN_ID for job in jobs(sweep) if (job / RUN_ID).exists()}
    looks = styles(sorted({architecture(read(job / AXES)) for job in runs}))
    return {
        file.read_text(encoding="utf-8").strip(): looks[architecture(read(job / AXES))].colour
        for job, file in runs.items()
    }


def _accessor(place: str) -> str:
    """A place in a run's configuration, as W&B's columns say it: `model.depth` is `model.value.depth`."""
    first, dot, rest = place.partition(".")
    return f"{first}.value{dot}{rest}"


def _over(address: str, made: Any) -> Any:
    """The dashboard at an address, filled anew."""
    old = type(made).from_url(address)
    for field in ("name", "sections", "settings", "runset_settings"):
        setattr(old, field, getattr(made, field))
    return old
