"""Killed or stopped at any moment, and resumed: the run ends as one that was never interrupted."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor

from denoiselab.errors import UserError
from denoiselab.methods import checkpoint
from denoiselab.methods.checkpoint import BEST, LAST, find_checkpoint, read_checkpoint
from denoiselab.report.tables import read_rows
from denoiselab.training.run import Run, train

CLOCKED = ("images_per_second",)


class At(pl.Callback):
    """Sends this process a signal at a place of the run: a hook, and the step that is done."""

    def __init__(self, hook: str, step: int, number: int) -> None:
        setattr(self, hook, lambda trainer, *_: trainer.global_step == step and os.kill(os.getpid(), number))


def at(hook: str, step: int, number: int = signal.SIGKILL) -> dict[str, Any]:
    return {"at": {"_target_": f"{__name__}.At", "hook": hook, "step": step, "number": int(number)}}


def go(config: dict[str, Any], folder: Path, resume: bool = False) -> None:
    train(Run(config, {}, folder, folder / LAST if resume else None))


def state(file: Path) -> dict[str, Any]:
    content = read_checkpoint(file)
    return {key: content[key] for key in ("state_dict", "optimizer_states", "lr_schedulers", "global_step", "position")}


def rows(folder: Path) -> list[dict[str, str]]:
    return [{k: v for k, v in row.items() if k not in CLOCKED} for row in read_rows(folder / "metrics.csv")[1]]


def same(a: Any, b: Any) -> bool:
    if isinstance(a, Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return len(a) == len(b) and all(map(same, a, b)) if isinstance(a, list | tuple) else bool(a == b)


def assert_same_run(folder: Path, whole: Path) -> None:
    for name in (LAST, BEST):
        assert same(state(folder / name), state(whole / name)), name
    assert rows(folder) == rows(whole)
    assert sorted(file.name for file in folder.iterdir()) == sorted(file.name for file in whole.iterdir())


@pytest.fixture(autouse=True)
def _hears_ctrl_c() -> Iterator[None]:
    """Also where the tests run in a shell's background, which starts its children deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def config(composed: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return composed()


@pytest.fixture(scope="module")
def whole(config: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    go(config, folder)
    assert [row["step"] for row in rows(folder)] == [str(i) for i in range(1, 13)]
    assert [row["step"] for row in rows(folder) if row["val/psnr"]] == ["3", "6", "9", "12"]
    return folder


PLACES = [
    ("on_train_batch_start", 3),
    ("on_train_batch_start", 5),
    ("on_before_optimizer_step", 7),
    ("on_train_batch_end", 6),
    ("on_train_batch_end", 10),
    ("on_validation_start", 6),
    ("on_validation_batch_start", 9),
    ("on_validation_end", 6),
    ("on_save_checkpoint", 9),
    ("on_train_end", 12),
]


@pytest.mark.parametrize(("hook", "step"), PLACES, ids=[f"{hook} {step}" for hook, step in PLACES])
def test_killed_run_resumes_as_if_it_had_not_been(
    hook: str, step: int, config: dict[str, Any], whole: Path, tmp_path: Path, forked: Callable[..., Any]
) -> None:
    process = forked(go, {**config, "callbacks": at(hook, step)}, tmp_path / "run")
    process.join()
    assert process.exitcode == -signal.SIGKILL
    go(config, tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", whole)


def killed_in_a_write(config: dict[str, Any], folder: Path, nth: int) -> None:
    """Die half-way through the nth checkpoint."""
    calls, save = [0], torch.save

    def half(content: Any, file: Path) -> None:
        calls[0] += 1
        save(content, file)
        if calls[0] == nth:
            os.truncate(file, file.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    checkpoint.torch.save = half
    go(config, folder)


@pytest.mark.parametrize("nth", [3, 4, 5])
def test_killed_while_it_writes_a_checkpoint(
    nth: int, config: dict[str, Any], whole: Path, tmp_path: Path, forked: Callable[..., Any]
) -> None:
    process = forked(killed_in_a_write, config, tmp_path / "run", nth)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert list((tmp_path / "run").glob(".*.tmp"))
    go(config, tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", whole)


@pytest.mark.parametrize("nth", [None, 1])
def test_killed_before_its_first_checkpoint_starts_anew(
    nth: int | None, config: dict[str, Any], whole: Path, tmp_path: Path, forked: Callable[..., Any]
) -> None:
    run = tmp_path / "run"
    early = {**config, "callbacks": at("on_train_batch_start", 2)}
    forked(killed_in_a_write, config, run, nth).join() if nth else forked(go, early, run).join()
    assert read_rows(run / "metrics.csv")[1]
    with pytest.raises(UserError, match="before its first checkpoint"):
        find_checkpoint(run, prefer=LAST)
    go(config, run)
    assert_same_run(run, whole)


@pytest.mark.slow
def test_killed_again_and_again_at_random(
    config: dict[str, Any], whole: Path, tmp_path: Path, forked: Callable[..., Any]
) -> None:
    run, draw = tmp_path / "run", torch.Generator().manual_seed(0)
    for _ in range(25):
        process = forked(go, config, run, (run / LAST).exists())
        process.join(timeout=0.1 + 0.5 * float(torch.rand((), generator=draw)))
        process.kill()
        process.join()
    go(config, run, resume=(run / LAST).exists())
    assert_same_run(run, whole)


STOPS = [
    ("on_train_batch_start", 0),
    ("on_train_batch_start", 4),
    ("on_train_batch_end", 5),
    ("on_train_batch_end", 6),
    ("on_validation_start", 6),
    ("on_validation_batch_start", 6),
    ("on_validation_end", 9),
    ("on_train_batch_end", 11),
    ("on_train_batch_end", 12),
]


CASES = [(*place, signal.SIGINT) for place in STOPS] + [(*STOPS[1], signal.SIGTERM)]


@pytest.mark.parametrize(("hook", "step", "number"), CASES, ids=[f"{c[2].name} {c[0]} {c[1]}" for c in CASES])
def test_stopped_run_saves_and_goes_on(
    hook: str, step: int, number: signal.Signals, config: dict[str, Any], whole: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    with pytest.raises(UserError, match=r"stopped at step \d+; to go on: ckpt="):
        go({**config, "callbacks": at(hook, step, number)}, run)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert step <= read_checkpoint(run / LAST)["global_step"] <= step + 1
    go(config, run, resume=True)
    assert_same_run(run, whole)


def test_ctrl_c_before_the_first_step_is_one(config: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        go({**config, "callbacks": at("on_fit_start", 0, signal.SIGINT)}, tmp_path / "run")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    go(config, tmp_path / "run")


def test_finished_run_says_so_and_is_left_alone(
    config: dict[str, Any], whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file.name: file.read_bytes() for file in whole.iterdir() if file.suffix != ".png"}
    go(config, whole, resume=True)
    assert "is finished: 12 steps" in capsys.readouterr().out
    go({**config, "trainer": {**config["trainer"], "max_steps": 5}}, whole, resume=True)
    assert before == {file.name: file.read_bytes() for file in whole.iterdir() if file.suffix != ".png"}


def test_run_is_not_started_over(config: dict[str, Any], whole: Path) -> None:
    with pytest.raises(UserError, match="holds a run already"):
        go(config, whole)


@pytest.mark.parametrize("first", [6, 7])
def test_trains_on_by_the_longer_schedule(first: int, composed: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    short, long = composed(f"trainer.max_steps={first}"), composed("trainer.max_steps=12")
    go(short, tmp_path)
    assert read_checkpoint(tmp_path / LAST)["global_step"] == first
    go(long, tmp_path, resume=True)
    said = rows(tmp_path)
    assert [row["step"] for row in said] == [str(i) for i in range(1, 13)]
    full = 1e-3 * 0.5 * (1 + torch.cos(torch.pi * (torch.arange(first, 12) - 0.24) / (12 - 0.24)))
    assert [float(row["lr-Muon"]) for row in said[first:]] == pytest.approx(full.tolist(), rel=1e-6)


def test_constant_rate_does_not_see_the_break(composed: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    config = composed("scheduler=constant")
    go(config, tmp_path / "whole")
    go({**config, "trainer": {**config["trainer"], "max_steps": 6}}, tmp_path / "run")
    go(config, tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_override_of_the_optimizer_wins_over_the_checkpoint(
    composed: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    go(composed("scheduler=constant", "trainer.max_steps=6"), tmp_path)
    go(composed("scheduler=constant", "optimizer.lr=0.5", "optimizer.eps=0.1"), tmp_path, resume=True)
    assert [float(row["lr-Muon"]) for row in rows(tmp_path)] == pytest.approx([1e-3] * 6 + [0.5] * 6)
    assert read_checkpoint(tmp_path / LAST)["optimizer_states"][0]["param_groups"][0]["eps"] == 0.1


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "lbfgs"])
def test_another_optimizer_begins_anew_at_its_place_in_the_schedule(
    composed: Callable[..., dict[str, Any]], tmp_path: Path, optimizer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    go(composed("trainer.max_steps=6"), tmp_path)
    go(composed(f"optimizer={optimizer}", "optimizer.lr=1e-4"), tmp_path, resume=True)
    content = read_checkpoint(tmp_path / LAST)
    assert content["global_step"] == 12 and content["lr_schedulers"][0]["last_epoch"] == 12
    state = next(iter(content["optimizer_states"][0]["state"].values()))
    assert ("momentum_buffer" in state) == (optimizer == "sgd") and state.get("step", 6) == 6
    assert f"going on with {tmp_path}, " in capsys.readouterr().out


def test_refused_loggers_leave_the_folder_as_it_was(composed: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step\n1\n")
    with pytest.raises(UserError, match=r"logger\.mode=foo"):
        go(composed("logger=wandb", "logger.mode=foo"), tmp_path)
    assert (tmp_path / "metrics.csv").read_text() == "step\n1\n"


@pytest.mark.parametrize("logs", ["null", "-1", "2.5"])
def test_steps_between_logs(composed: Callable[..., dict[str, Any]], tmp_path: Path, logs: str) -> None:
    with pytest.raises(UserError, match=r"log_every_n_steps=.*: a whole number is needed"):
        go(composed(f"trainer.log_every_n_steps={logs}"), tmp_path)


def test_moved_folder_keeps_its_best(config: dict[str, Any], whole: Path, tmp_path: Path, forked: Any) -> None:
    forked(go, {**config, "callbacks": at("on_train_batch_start", 7)}, tmp_path / "here").join()
    (tmp_path / "here").rename(tmp_path / "über (there), a=b")
    go(config, tmp_path / "über (there), a=b", resume=True)
    assert_same_run(tmp_path / "über (there), a=b", whole)


def test_without_validation(composed: Callable[..., dict[str, Any]], tmp_path: Path, forked: Any) -> None:
    config = composed("data.val=[]", "trainer.max_steps=11")
    go(config, tmp_path / "whole")
    forked(go, {**config, "callbacks": at("on_train_batch_start", 7)}, tmp_path / "run").join()
    go(config, tmp_path / "run", resume=True)
    assert read_checkpoint(tmp_path / "whole" / LAST)["global_step"] == 11
    assert same(state(tmp_path / "run" / LAST), state(tmp_path / "whole" / LAST))
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


@pytest.mark.slow
def test_killed_command_goes_on(root: Path, workdir: Path) -> None:
    import subprocess
    import sys

    said = ("model=dncnn", "model.num_features=4", "model.depth=2", "data.batch_size=2", "data.crop_size=16",
            "callbacks=none", "trainer=cpu", "trainer.precision=32-true", "trainer.max_steps=60", "trainer.val_every=5",
            "data.test=[]", "data.val_crop=32")  # fmt: skip
    command = [sys.executable, str(root / "train.py")]
    subprocess.run([*command, *said, "hydra.run.dir=whole"], check=True, capture_output=True)
    run = workdir / "a run (1), x=y"
    process = subprocess.Popen([*command, *said, f"hydra.run.dir={run}"], stdout=subprocess.DEVNULL)
    while not (run / LAST).exists():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 1
    subprocess.run([*command, f"ckpt={run}"], check=True, capture_output=True)
    assert same(state(run / LAST), state(workdir / "whole" / LAST))
