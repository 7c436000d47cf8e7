import io
import re
from collections.abc import Callable

import pytest
import torch
from lightning.pytorch import Callback
from rich.console import Console

from denoiselab.training.progress import Progress, clock

SHOW_CURSOR = "\x1b[?25h"


def test_a_log_gets_lines_with_everything(fit: Callable) -> None:
    out = io.StringIO()
    fit(steps=6, callbacks=[Progress(seconds=0.0, console=Console(file=out))])
    lines = out.getvalue().splitlines()
    assert len(lines) == 7 and lines[0].startswith("step 1/6  loss ")
    assert "dB" not in lines[2] and "dB" in lines[3]
    assert re.fullmatch(r"step 6/6  loss [\d.e-]+  val 2\d\.\d\d dB  [\d.e+]+ steps/s  0:00 left", lines[-1])


def test_lines_come_every_few_seconds_only(fit: Callable) -> None:
    out = io.StringIO()
    fit(steps=30, callbacks=[Progress(seconds=1000.0, console=Console(file=out))])
    assert len(out.getvalue().splitlines()) == 2


def test_standard_output_is_the_default(fit: Callable, capsys: pytest.CaptureFixture) -> None:
    fit(steps=2, callbacks=[Progress()])
    assert "step 2/2" in capsys.readouterr().out


def test_the_loss_is_read_only_when_shown(fit: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    original = torch.Tensor.__float__
    monkeypatch.setattr(torch.Tensor, "__float__", lambda tensor: reads.append(1) or original(tensor))
    fit(steps=30, callbacks=[Progress(seconds=1000.0, console=Console(file=io.StringIO()))])
    assert len(reads) <= 3


def test_a_terminal_gets_one_bar(fit: Callable) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, legacy_windows=False, _environ={"TERM": "xterm"})
    fit(steps=6, callbacks=[Progress(per_second=1e6, console=console)])
    shown = out.getvalue()
    last = shown.split("\r")[-1]
    assert "step 6/6" in last and "dB" in last and "left" in last
    assert shown.count("\n") == 1 and shown.endswith(SHOW_CURSOR)


def test_epochs_bound_the_run_too_and_other_ranks_are_silent(fit: Callable) -> None:
    out = io.StringIO()
    fit(steps=-1, max_epochs=2, limit_train_batches=3, callbacks=[Progress(console=Console(file=out))])
    assert "step 6/6" in out.getvalue()
    out = io.StringIO()
    progress = Progress(console=Console(file=out))
    progress.disable()
    fit(steps=2, callbacks=[progress])
    assert not out.getvalue()


def test_an_exception_gives_the_terminal_back(fit: Callable) -> None:
    class Broken(Callback):
        def on_train_batch_end(self, *args: object) -> None:
            raise RuntimeError("broken")

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, _environ={"TERM": "xterm"})
    with pytest.raises(RuntimeError, match="broken"):
        fit(callbacks=[Progress(console=console), Broken()])
    assert out.getvalue().rstrip().endswith(SHOW_CURSOR)


def test_clock() -> None:
    assert (clock(0), clock(65), clock(3723)) == ("0:00", "1:05", "1:02:03")
