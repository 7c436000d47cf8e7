"""Processes that somebody else started to train together."""

from typing import Any

import pytest

from denoiselab.app.ranks import RANKS, SIZES, check_together, first, rank


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*RANKS, *SIZES):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    "said",
    [
        [{"RANK": "0", "LOCAL_RANK": "0"}, {"RANK": "1", "LOCAL_RANK": "0"}],  # torchrun, two machines
        [{"SLURM_PROCID": "0"}, {"SLURM_PROCID": "1"}],
        [{}, {"LOCAL_RANK": "1"}],  # Lightning
        [{"NODE_RANK": "0"}, {"LOCAL_RANK": "1"}, {"NODE_RANK": "1"}, {"NODE_RANK": "1", "LOCAL_RANK": "1"}],
    ],
)
def test_one_speaks_for_all(said: list[dict[str, str]], started: pytest.MonkeyPatch) -> None:
    names, speak = set(), []
    for own in said:
        with started.context() as patch:
            for name, number in own.items():
                patch.setenv(name, number)
            names.add(rank())
            speak.append(first())
    assert len(names) == len(said) and speak == [True] + [False] * (len(said) - 1)


def test_an_empty_number_is_one(started: pytest.MonkeyPatch) -> None:
    started.setenv("WORLD_SIZE", "")
    check_together([])


@pytest.mark.parametrize("size", SIZES)
def test_they_need_one_folder(size: str, started: pytest.MonkeyPatch, shell: Any, workdir: Any) -> None:
    started.setenv(size, "2")
    said = shell("train", "trainer=ddp")
    assert said.line == "train: 2 processes were started for one run: name their folder, hydra.run.dir=RUN"
    said = shell("train", "-m", "trainer=ddp", "model=dncnn,unet")
    assert said.line == "train: 2 processes were started; a sweep (-m) is one that starts the others itself"
    assert not list(workdir.iterdir())
