import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from denoiselab.errors import UserError
from denoiselab.report.tables import Table
from denoiselab.training.csv_logger import CsvLogger
from denoiselab.training.loggers import (
    NAMES,
    check_logger,
    finish,
    has_account,
    log_table,
    make_loggers,
    run_id,
    set_summary,
)
from denoiselab.training.panels import Panels
from denoiselab.training.run import Run, train

TABLE = Table(
    ["restorer", "PSNR dB"], [{"restorer": "noisy", "PSNR dB": 20.5}, {"restorer": "DnCNN", "PSNR dB": 31.25}]
)
CONFIG = {"model": {"name": "dncnn", "depth": 17, "widths": [64, 64]}, "noise": {"sigma": 30.0}, "none": None}


def options(root: Path, name: str) -> dict[str, Any]:
    read = yaml.safe_load((root / "conf" / "logger" / f"{name}.yaml").read_text())
    assert read.pop("name") == name
    return read


def records(folder: Path) -> list[dict[str, Any]]:
    """The records of an offline run's own file, as `wandb leet inspect` reads them."""
    command = [shutil.which("wandb", path=str(Path(sys.executable).parent)) or "wandb", "leet", "inspect", "--json"]
    out = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def summary_of(read: list[dict[str, Any]]) -> dict[str, Any]:
    """The run's summary as its records leave it."""
    return {key: value for record in read for key, value in record.get("summary", {}).get("update", {}).items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_yaml_makes_its_loggers(root: Path, tmp_path: Path, name: str) -> None:
    choice = options(root, name) | ({"mode": "disabled"} if name == "wandb" else {})
    loggers = make_loggers(name, choice, tmp_path / "run", CONFIG)
    kinds = [type(logger).__name__ for logger in loggers]
    expected = {"none": [], "csv": [], "tensorboard": ["TensorBoard"], "wandb": ["Wandb"]}[name]
    assert kinds == (["CsvLogger"] if name != "none" else []) + expected
    set_summary(loggers, {"parameters": 5})
    finish(loggers)


def test_wrong_names_are_named(root: Path) -> None:
    with pytest.raises(UserError, match=r"logger=wanb: .* did you mean wandb"):
        check_logger("wanb", {})
    with pytest.raises(UserError, match=r"logger\.projekt: .* did you mean project"):
        check_logger("wandb", {**options(root, "wandb"), "projekt": "x"})
    with pytest.raises(UserError, match="online"):
        check_logger("wandb", {**options(root, "wandb"), "mode": "onlin"})


def test_an_offline_wandb_run_reads_back(
    root: Path, tmp_path: Path, fit: Callable, capsys: pytest.CaptureFixture
) -> None:
    loggers = make_loggers("wandb", options(root, "wandb") | {"tags": ["a"]}, tmp_path / "run", CONFIG, group="study")
    set_summary(loggers, {"parameters": 556032, "receptive_field": 35})
    fit(steps=6, logger=loggers, callbacks=[Panels(count=1)])
    finish(loggers)
    (folder,) = (tmp_path / "run" / "wandb").glob("offline-run-*")
    assert f"wandb sync {folder.parent}/offline-run-*" in capsys.readouterr().out
    read = records(folder)
    run = next(record["run"] for record in read if record["type"] == "run")
    assert {key: run["config"]["update"].get(key) for key in CONFIG} == CONFIG
    assert run["run_group"] == "study" and run["tags"] == ["a"] and run["display_name"] == "run"
    history = [record["history"]["item"] for record in read if record["type"] == "history"]
    assert {h["trainer/global_step"] for h in history if "loss" in h} == {2, 4, 6}
    assert {h["trainer/global_step"] for h in history if "val/psnr" in h} == {3, 6}
    summary = summary_of(read)
    assert summary["parameters"] == 556032 and summary["receptive_field"] == 35 and summary["val/psnr"] > 25
    names = next(h["val/pictures.filenames"] for h in history if "val/pictures.filenames" in h)
    with Image.open(folder / "files" / names[0]) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (40, 172, 3) and abs(pixels[:, :40].mean() / 255 - 0.5) < 0.01
    assert CsvLogger(tmp_path / "run").path.exists()


def test_a_run_in_wandb_ends_with_its_figures(composed: Callable, tmp_path: Path) -> None:
    config = composed("logger=wandb", "data.test=[chelsea.png]")
    table = train(Run(config, {}, tmp_path / "run"))
    (folder,) = (tmp_path / "run" / "wandb").glob("offline-run-*")
    summary, validated = summary_of(records(folder)), CsvLogger(tmp_path / "run").path.read_text()
    psnr = [float(row["val/psnr"]) for row in csv.DictReader(validated.splitlines()) if row["val/psnr"]]
    assert summary["best val/psnr"] == pytest.approx(max(psnr)) and summary["parameters"] == 527
    noisy, network = table.rows
    assert (summary["test/PSNR dB"], summary["test/SSIM"]) == (network["PSNR dB"], network["SSIM"])
    (shown,) = (folder / "files" / "media" / "table").rglob("test_*.json")
    rows = json.loads(shown.read_text())
    assert [dict(zip(rows["columns"], row, strict=True)) for row in rows["data"]] == [noisy, network]


def test_the_agent_of_a_wandb_sweep_names_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_RUN_ID", "agents1")
    assert run_id(tmp_path) == "agents1"
    monkeypatch.setenv("WANDB_RUN_ID", "agents2")
    assert run_id(tmp_path) == "agents1"


def test_a_resumed_run_keeps_its_wandb_id_and_the_next_run_gets_its_own(root: Path, tmp_path: Path) -> None:
    ids = []
    for folder in ("one", "one", "two"):
        loggers = make_loggers("wandb", options(root, "wandb"), tmp_path / folder, CONFIG)
        ids.append(loggers[1].version)
        finish(loggers)
    assert ids[0] == ids[1] == run_id(tmp_path / "one") != ids[2]


def test_an_account_is_a_key_or_a_netrc_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert not has_account()
    (tmp_path / "netrc").write_text("machine example.org\n  login user\n  password x\n")
    assert not has_account()
    (tmp_path / "netrc").write_text("machine api.wandb.ai\n  login user\n  password x\n")
    assert has_account()
    (tmp_path / "netrc").unlink()
    monkeypatch.setenv("WANDB_API_KEY", "x" * 40)
    assert has_account()


def test_without_an_account_wandb_is_offline(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_MODE")
    monkeypatch.setattr("denoiselab.training.loggers.has_account", lambda: False)
    loggers = make_loggers("wandb", options(root, "wandb"), tmp_path, CONFIG)
    assert loggers[1].experiment.offline
    finish(loggers, failed=True)


def test_tensorboard_events_read_back(root: Path, tmp_path: Path, fit: Callable) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    loggers = make_loggers("tensorboard", options(root, "tensorboard"), tmp_path, CONFIG)
    set_summary(loggers, {"parameters": 5, "receptive_field": None})
    fit(steps=6, logger=loggers, callbacks=[Panels(count=2)])
    log_table(loggers, "test", TABLE)
    finish(loggers)
    resumed = make_loggers("tensorboard", options(root, "tensorboard"), tmp_path, CONFIG, step=4)
    resumed[1].log_metrics({"loss": 9.0}, 5)
    finish(resumed)
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [scalar.step for scalar in events.Scalars("val/psnr")] == [3]
    assert [(scalar.step, scalar.value) for scalar in events.Scalars("loss")][-1] == (6, 9.0)
    assert [scalar.step for scalar in events.Scalars("loss")] == [2, 4, 6]
    assert [events.Scalars(name)[0].value for name in ("parameters", "test/PSNR dB")] == [5, 31.25]
    assert b"| DnCNN | 31.25 |" in events.Tensors("test/text_summary")[0].tensor_proto.string_val[0]
    picture = events.Images("val/pictures/1")[0]
    assert (picture.height, picture.width, picture.step) == (40, 172, 3)
    assert CsvLogger(tmp_path).path.read_text().splitlines()[-1].startswith("4,")
