"""What a person sees of a running training: one bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Any

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import ProgressBar
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from denoiselab.domains import FIGURES


class Progress(ProgressBar):
    """One bar over the whole run: step, loss, validation PSNR, steps a second, time left.

    The loss is read, which waits for the GPU, only when something is shown. Time left follows the whole run, so
    that it counts validation; steps a second follow the last minutes.

    Args:
        seconds: between two lines where the output is no terminal.
        per_second: refreshes of the bar on a terminal.
        console: where to write; standard output if none.
    """

    def __init__(self, seconds: float = 10.0, per_second: float = 3.0, console: Console | None = None) -> None:
        super().__init__()
        self._console = console or Console()
        self._live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._pause = 1 / per_second if self._live else seconds
        self._enabled = True
        self._bar: Bar | None = None
        self._total: int | None = None
        self._due = 0.0
        self._marks: deque[tuple[float, int]] = deque(maxlen=100)
        self._start: tuple[float, int] | None = None

    def enable(self) -> None:
        """Show progress."""
        self._enabled = True

    def disable(self) -> None:
        """Show nothing; Lightning asks for it on all ranks but the first."""
        self._enabled = False

    def print(self, *args: Any, **kwargs: Any) -> None:
        """Print a line above the bar."""
        if self._enabled:
            self._console.print(*args, markup=False, highlight=False)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Find the length of the run and open the bar."""
        self._total, self._start, self._due = length_of(trainer), None, 0.0
        self._marks.clear()
        if self._enabled and self._live:
            columns = (BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
            self._bar = Bar(*columns, console=self._console, auto_refresh=False)
            self._bar.add_task("", total=self._total, completed=trainer.global_step)
            self._bar.start()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Show where the run is, if it is time."""
        now = time.monotonic()
        if self._enabled and now >= self._due:
            self._due = now + self._pause
            self._show(trainer, now, outputs)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Show the end of the run and close the bar."""
        if self._enabled and self._marks:
            self._show(trainer, time.monotonic(), None)
        self._close()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Leave the terminal as it was."""
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self, trainer: Trainer, now: float, outputs: Any) -> None:
        step = trainer.global_step
        self._start = self._start or (now, step)
        self._marks.append((now, step))
        text = self._line(step, {**trainer.callback_metrics, **loss_of(outputs)})
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=step, description=text, refresh=True)
        else:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _line(self, step: int, metrics: dict[str, Any]) -> str:
        parts = [f"step {step:,}" + (f"/{self._total:,}" if self._total else "")]
        if "loss" in metrics:
            parts.append(f"loss {float(metrics['loss']):.4g}")
        seen = [figure for figure in FIGURES if f"val/{figure.name}" in metrics]
        parts += [f"val {figure.form.format(float(metrics[f'val/{figure.name}']))}" for figure in seen]
        speed, overall = rate(self._marks[0], self._marks[-1]), rate(self._start, self._marks[-1])
        if speed:
            parts.append(f"{speed:.3g} steps/s")
        if self._total and (overall or step >= self._total):
            parts.append(f"{clock(max(self._total - step, 0) / (overall or 1))} left")
        return "  ".join(parts)


def length_of(trainer: Trainer) -> int | None:
    """Optimizer steps in the whole run, or None where nothing bounds them."""
    steps = trainer.estimated_stepping_batches
    return int(steps) if 0 < steps < math.inf else None


def loss_of(outputs: Any) -> dict[str, Any]:
    """The loss of the last step as the training step returned it; what was logged under `loss` may be older."""
    loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
    return {} if loss is None else {"loss": loss}


def rate(start: tuple[float, int] | None, end: tuple[float, int]) -> float:
    """Steps a second between two (time, step) marks, 0 if unknown."""
    return (end[1] - start[1]) / (end[0] - start[0]) if start and end[0] > start[0] else 0.0


def clock(seconds: float) -> str:
    """A duration as 4:05 or 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
