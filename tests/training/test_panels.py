from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import wandb
from lightning.pytorch.loggers import TensorBoardLogger

from denoiselab.training.csv_logger import CsvLogger
from denoiselab.training.loggers import Wandb
from denoiselab.training.panels import Panels, joined, log_pictures, pictured


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, np.ndarray]]:
    calls: list[tuple[int, np.ndarray]] = []

    def keep(logger: object, panels: list, step: int) -> None:
        calls.extend((step, panel.numpy()) for panel, _ in panels)

    monkeypatch.setattr("denoiselab.training.panels.log_pictures", keep)
    return calls


def test_the_first_pictures_after_each_validation(tmp_path: Path, fit: Callable, logged: list) -> None:
    fit(steps=6, logger=TensorBoardLogger(tmp_path, "", ""), callbacks=[Panels(count=2)])
    assert [step for step, _ in logged] == [3, 3, 6, 6]
    _, panel = logged[0]
    assert panel.shape == (40, 4 * 40 + 3 * 4, 3) and panel.dtype == np.uint8
    assert abs(panel[:, :40].mean() / 255 - 0.5) < 0.01 and abs(panel[:, -40:].mean() / 255 - 0.5) < 0.05
    assert (panel[:, 40:44] == 255).all()


def test_nothing_where_no_logger_takes_pictures(tmp_path: Path, fit: Callable, logged: list) -> None:
    fit(steps=3, logger=CsvLogger(tmp_path), callbacks=[Panels()])
    assert not logged


def test_wandb_counts_pictures_as_it_counts_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = wandb.init(dir=tmp_path, mode="disabled")
    said: list[dict] = []
    monkeypatch.setattr(run, "log", lambda values, **_: said.append(values))
    log_pictures(Wandb(experiment=run), [(torch.zeros(5, 6, 3, dtype=torch.uint8), "a")], 250)
    assert [values["trainer/global_step"] for values in said] == [250]


def test_only_pictures_are_pictured() -> None:
    picture, points = torch.zeros(1, 3, 8, 8), torch.zeros(5, 2)
    assert pictured({"noisy": picture, "restored": picture})
    assert not pictured({"noisy": points, "restored": points})
    assert not pictured({"noisy": picture}) and not pictured(picture) and not pictured(None)


def test_joined_pictures_have_white_between() -> None:
    panel = joined([torch.zeros(5, 6, 3, dtype=torch.uint8)] * 2)
    assert panel.shape == (5, 16, 3) and panel[:, 6:10].min() == 255 and panel[:, 10:].max() == 0
