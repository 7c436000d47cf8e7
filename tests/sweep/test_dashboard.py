"""The dashboard at W&B, as its own library describes it; nothing is sent."""

import json
from pathlib import Path
from typing import Any

import pytest

from denoiselab.report.figures import BLUE, ORANGE
from denoiselab.sweep.dashboard import ADDRESS, dashboard, logged, publish, swept, waiting
from denoiselab.sweep.ledger import RUN_ID, freeze

pytestmark = pytest.mark.filterwarnings("ignore:Pydantic V1 style:DeprecationWarning")  # the library's own
LOGGER = {"name": "wandb", "project": "denoising", "entity": "us", "group": None}


def job(sweep: Path, model: str, depth: int, **logger: Any) -> None:
    folder = sweep / f"model={model},depth={depth}"
    overrides = [f"model={model}", f"model.depth={depth}", "noise.sigma=25"]
    config = {"logger": {**LOGGER, **logger}, "model": {"depth": depth}}
    freeze(folder, {"overrides": overrides, "choices": {"model": model, "noise": "gaussian"}, "config": config})
    (folder / RUN_ID).write_text(f"{model}{depth}\n")


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    for model in ("dncnn", "unet"):
        for depth in (4, 6, 8, 10, 12, 14):
            job(tmp_path / "a+sweep", model, depth)
    return tmp_path / "a+sweep"


def spec(made: Any) -> dict[str, Any]:
    """What would be sent."""
    sent: dict[str, Any] = json.loads(made._to_model().spec.model_dump_json(by_alias=True, exclude_none=True))[
        "section"
    ]
    return sent


def test_axes_are_places_in_a_runs_configuration(sweep: Path) -> None:
    assert swept(sweep) == {"model": "choices.model", "model.depth": "model.depth"}


def test_the_dashboard_shows_the_group_and_no_other_runs(sweep: Path) -> None:
    pytest.importorskip("wandb_workspaces")
    made = dashboard(sweep, LOGGER)
    assert (made.entity, made.project, made.name) == ("us", "denoising", "a-sweep")
    (runs,) = spec(made)["runSets"]
    (rule,) = runs["filters"]["filters"]
    assert rule["key"] == {"section": "run", "name": "group"} and (rule["op"], rule["value"]) == ("=", "a+sweep")
    assert runs["runFeed"]["columnOrder"] == [
        "run:displayName", "config:choices.value.model", "config:model.value.depth", "summary:test/PSNR dB",
    ]  # fmt: skip
    assert runs["sort"]["keys"][0]["key"]["name"] == "test/PSNR dB" and not runs["sort"]["keys"][0]["ascending"]
    colours = spec(made)["customRunColors"]
    assert len(colours) == 12 and {colours["dncnn4"], colours["dncnn14"]} == {BLUE} and colours["unet8"] == ORANGE
    assert spec(made)["settings"]["maxRuns"] == 12


def test_the_dashboard_has_its_plots(sweep: Path) -> None:
    pytest.importorskip("wandb_workspaces")
    sections = spec(dashboard(sweep, LOGGER))["panelBankConfig"]["sections"]
    panels = {section["name"]: section["panels"] for section in sections}
    assert list(panels) == ["PSNR", "Every job", "Pictures"] and all(section["isOpen"] for section in sections)
    axes = [(panel["viewType"], panel["config"]["xAxis"], panel["config"]["yAxis"]) for panel in panels["PSNR"]]
    assert axes == [
        ("Scatter Plot", "config:model.value.depth", "summary:test/PSNR dB"),
        ("Scatter Plot", "summary:parameters", "summary:test/PSNR dB"),
    ]
    (ways,), (pictures,) = panels["Every job"], panels["Pictures"]
    assert ways["viewType"] == "Parallel Coordinates Plot"
    assert [column["accessor"] for column in ways["config"]["columns"]] == [
        "config:choices.value.model", "config:model.value.depth", "summary:parameters", "summary:test/PSNR dB",
    ]  # fmt: skip
    assert pictures["viewType"] == "Media Browser" and pictures["config"]["mediaKeys"] == ["val/pictures"]


def test_it_is_written_over_the_one_before(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspaces = pytest.importorskip("wandb_workspaces.workspaces")
    kept: dict[str, Any] = {}

    def upsert(view: Any) -> dict[str, Any]:
        view.id = view.id or f"id{len(kept)}"
        kept[view.id] = view
        return {"upsertView": {"view": {"id": view.id, "name": view.name}}}

    def get(entity: str, project: str, name: str) -> dict[str, Any]:
        found = [view for view in kept.values() if name in view.name]
        if not found:
            raise ValueError("not found")
        text = found[0].spec.model_dump_json(by_alias=True, exclude_none=True)
        return {"id": found[0].id, "displayName": found[0].display_name, "spec": text}

    monkeypatch.setattr(workspaces.internal, "upsert_view2", upsert)
    monkeypatch.setattr(workspaces.internal, "get_view_dict", get)
    monkeypatch.setattr(workspaces.interface, "get_app_url", lambda api: "https://wandb.example")
    monkeypatch.setattr("wandb.Api", lambda: None)
    first = publish(sweep, LOGGER)
    assert first.startswith("https://wandb.example/us/denoising?nw=") and (sweep / ADDRESS).read_text().strip() == first
    job(sweep, "edsr", 4)
    assert publish(sweep, LOGGER) == first and len(kept) == 1
    (view,) = kept.values()
    assert view.spec.section.settings.max_runs == 13 and len(view.spec.section.panel_bank_config.sections) == 3
    kept.clear()
    assert publish(sweep, LOGGER) != first


def test_where_the_jobs_are_logged(tmp_path: Path) -> None:
    job(tmp_path, "dncnn", 4, name="csv")
    assert logged(tmp_path) is None
    job(tmp_path, "unet", 4)
    assert logged(tmp_path) == LOGGER


def test_what_is_not_uploaded_is_known(sweep: Path) -> None:
    for number in (4, 6):
        run = sweep / f"model=unet,depth={number}" / "wandb" / "offline-run-20260101_000000-x"
        run.mkdir(parents=True)
        (run / "run-x.wandb").touch()
    (run / "run-x.wandb.synced").touch()
    assert [run.parents[1].name for run in waiting(sweep)] == ["model=unet,depth=4"]
