"""GPUs shared among jobs."""

from pathlib import Path

import pytest
import torch

from denoiselab.sweep.slots import SLOTS, gpus, slot, slots


@pytest.mark.parametrize(
    ("count", "each", "jobs", "seen"),
    [(2, 1, -1, ["0", "1"]), (4, 2, -1, ["0,1", "2,3"]), (2, 1, 4, ["0", "1", "0", "1"]), (4, 1, 2, ["0", "1"]),
     (1, 2, -1, ["0"]), (5, 2, -1, ["0,1", "2,3"])],
)  # fmt: skip
def test_each_job_sees_its_own(count: int, each: int, jobs: int, seen: list[str]) -> None:
    assert slots([str(number) for number in range(count)], each, jobs) == seen


def test_gpus_are_called_as_the_environment_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert gpus() == ["0", "1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,GPU-ab,-1")
    assert gpus() == ["3", "GPU-ab"]


def test_a_slot_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SLOTS, "4;7")
    with slot(tmp_path) as first, slot(tmp_path) as second:
        assert (first["CUDA_VISIBLE_DEVICES"], second["CUDA_VISIBLE_DEVICES"]) == ("4", "7")
    with slot(tmp_path) as again:
        assert again["CUDA_VISIBLE_DEVICES"] == "4"
    monkeypatch.delenv(SLOTS)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with slot(tmp_path) as none:
        assert "CUDA_VISIBLE_DEVICES" not in none
