"""Lengths, intervals and options of a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from denoiselab.errors import UserError
from denoiselab.training.trainer import chosen_precision, make_trainer, total_steps, validation_interval


@pytest.mark.parametrize(
    ("steps", "epochs", "total"), [(100, -1, 100), (-1, 3, 30), (100, 3, 30), (20, 3, 20)], ids=str
)
def test_length_is_the_lesser_of_steps_and_epochs(steps: int, epochs: int, total: int) -> None:
    assert total_steps({"max_steps": steps, "max_epochs": epochs}, 10) == total


def test_length_must_be_given() -> None:
    with pytest.raises(UserError, match="both unset"):
        total_steps({"max_steps": -1, "max_epochs": -1}, 10)


@pytest.mark.parametrize(("wanted", "total", "every"), [(250, 1200, 240), (250, 100, 100), (3, 7, 3), (9, 5, 5)])
def test_validations_are_spread(wanted: int, total: int, every: int) -> None:
    assert validation_interval(wanted, total) == every


def test_validation_after_no_step_is_refused() -> None:
    with pytest.raises(UserError, match="val_every=0"):
        validation_interval(0, 5)


def test_precision_by_optimizer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("denoiselab.training.trainer.computes_bfloat16", lambda kind: True)
    assert chosen_precision("auto", "cpu") == "bf16-mixed" and chosen_precision("auto", "cpu", exact=True) == "32-true"
    assert chosen_precision("bf16-mixed", "cpu", exact=True) == "bf16-mixed", "a person may know better"


def test_precision_by_hardware() -> None:
    assert chosen_precision("auto", "cpu") in ("bf16-mixed", "32-true")
    assert chosen_precision("64-true", "cpu") == "64-true" and chosen_precision(32, "cpu") == "32"


@pytest.mark.parametrize(
    "wrong",
    [
        {"precision": "7-mixed"},
        {"accelerator": "abacus"},
        {"strategy": "luck"},
        {"devices": 0},
        {"gradient_clip": 1},
        {"accumulate_grad_batches": 2},
        {"accelerator": "cpu", "sync_batchnorm": True},
    ],
    ids=str,
)
def test_wrong_option_is_named(wrong: dict[str, Any], composed: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="trainer"):
        make_trainer({**composed()["trainer"], **wrong}, tmp_path, 5, 5, [], [])
