"""A full disk, and which state is the best."""

import errno
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.methods import checkpoint
from denoiselab.methods.checkpoint import BEST, LAST, read_checkpoint
from denoiselab.report.tables import read_rows
from denoiselab.training.checkpoints import Keeper
from denoiselab.training.run import Run, train

Compose = Callable[..., dict[str, Any]]
FULL = (OSError(errno.ENOSPC, "No space left on device"), RuntimeError("PytorchStreamWriter failed writing file"))


class Disk:
    """`torch.save` on a disk that is full after so many checkpoints."""

    def __init__(self, room: int, error: Exception) -> None:
        self.room, self.error, self.save = room, error, torch.save

    def __call__(self, content: Any, stream: Any) -> None:
        self.room -= 1
        if self.room < 0:
            stream.write_bytes(b"half")
            raise self.error
        self.save(content, stream)


@pytest.mark.parametrize("error", FULL, ids=["system", "torch"])
@pytest.mark.parametrize("room", [0, 2, 3])
def test_full_disk_leaves_the_checkpoint_before(
    room: int, error: Exception, composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(checkpoint.torch, "save", Disk(room, error))
        with pytest.raises(UserError, match=r"can't be written .*free some space"):
            train(Run(composed(), {}, tmp_path))
    assert not list(tmp_path.glob(".*"))
    last = tmp_path / LAST
    assert last.exists() == (room > 0)
    if room:
        assert read_checkpoint(last)["global_step"] in ((3,) if room == 2 else (3, 6))
    train(Run(composed(), {}, tmp_path, last if room else None))
    assert len(read_rows(tmp_path / "metrics.csv")[1]) == 12


def test_full_disk_while_metrics_are_written(
    composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from denoiselab.training.csv_logger import CsvLogger

    put = CsvLogger._put

    def full(self: CsvLogger, row: dict[str, str], same: bool) -> None:
        if row["step"] == "8":
            raise OSError(errno.ENOSPC, "No space left on device", str(self.path))
        put(self, row, same)

    with monkeypatch.context() as patch:
        patch.setattr(CsvLogger, "_put", full)
        with pytest.raises(OSError, match="No space"):
            train(Run(composed(), {}, tmp_path))
    assert read_checkpoint(tmp_path / LAST)["global_step"] == 6
    train(Run(composed(), {}, tmp_path, tmp_path / LAST))
    assert [row["step"] for row in read_rows(tmp_path / "metrics.csv")[1]] == [str(i) for i in range(1, 13)]


@pytest.mark.parametrize(
    ("mode", "scores", "kept"),
    [
        ("max", [20, 22, 21, 22], [True, True, False, False]),
        ("min", [3, float("nan"), 2, 4], [True, False, True, False]),
    ],
)
def test_best_is_the_first_of_the_best(mode: str, scores: list[float], kept: list[bool], tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, 1, ("val/x", mode))
    trainers = [SimpleNamespace(callback_metrics={"val/x": torch.tensor(float(score))}) for score in scores]
    assert [keeper._is_best(trainer) for trainer in trainers] == kept  # type: ignore[arg-type]


def test_best_figure_is_in_the_summary(composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[str, Any] = {}
    monkeypatch.setattr("denoiselab.training.checkpoints.set_summary", lambda loggers, values: said.update(values))
    train(Run(composed(), {}, tmp_path))
    rows = read_rows(tmp_path / "metrics.csv")[1]
    best = max(float(row["val/psnr"]) for row in rows if row["val/psnr"])
    assert said == {"best val/psnr": pytest.approx(best)}


def test_best_of_steps_that_are_taken_back_goes(composed: Compose, tmp_path: Path) -> None:
    train(Run(composed(), {}, tmp_path))
    assert read_checkpoint(tmp_path / BEST)["global_step"] == 12
    early = tmp_path / "early.ckpt"
    train(Run(composed("trainer.max_steps=3"), {}, tmp_path / "short"))
    (tmp_path / "short" / LAST).rename(early)
    train(Run(composed("trainer.max_steps=6", "optimizer.lr=0.1"), {}, tmp_path, early))
    assert read_checkpoint(tmp_path / BEST)["global_step"] == read_checkpoint(tmp_path / LAST)["global_step"] == 6
    assert len(read_rows(tmp_path / "metrics.csv")[1]) == 6


def test_checkpoint_is_plain_data(composed: Compose, tmp_path: Path) -> None:
    config = composed("trainer.max_steps=3")
    train(Run(config, {"model": "dncnn"}, tmp_path))
    content = torch.load(tmp_path / LAST, weights_only=True)
    assert content["denoiselab"]["config"] == config and content["denoiselab"]["choices"] == {"model": "dncnn"}
    assert content["position"] == content["global_step"] == 3
