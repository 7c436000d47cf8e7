"""What a job's folder says of it."""

import multiprocessing
from pathlib import Path

import pytest

from denoiselab.sweep.ledger import LOCK, LOG, digest, end, freeze, jobs, named, short, state
from denoiselab.sweep.locks import held, take, wait_for


def test_states(tmp_path: Path) -> None:
    job = tmp_path / "job"
    freeze(job, {"overrides": ["seed=1"]})
    assert state(job) == "waiting"
    with wait_for(job / LOCK):
        assert state(job) == "running"
    (job / LOG).touch()
    assert state(job) == "interrupted"
    end(job, error="no")
    assert state(job) == "failed"
    end(job, seconds=1.5)
    assert state(job) == "done"


def holder(file: Path, ready: "multiprocessing.connection.Connection") -> None:
    with wait_for(file):
        ready.send(True)
        ready.recv()


def test_a_killed_holder_gives_its_lock_back(tmp_path: Path) -> None:
    file, (here, there) = tmp_path / LOCK, multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=holder, args=(file, there))
    process.start()
    assert here.recv()
    assert held(file) and take(file) is None
    assert f"process {process.pid}" in file.read_text()
    process.kill()
    process.join()
    assert not held(file)
    with take(file) or pytest.fail("it is free"):
        assert held(file)


@pytest.mark.parametrize(
    ("said", "name"),
    [({"model": "dncnn", "model.depth": "4"}, "model=dncnn,depth=4"), ({}, "0"),
     ({"a.depth": "1", "b.depth": "2"}, "a.depth=1,b.depth=2"), ({"model._target_": "my.Net"}, "model=my.Net")],
)  # fmt: skip
def test_a_name_says_what_a_job_changes(said: dict[str, str], name: str) -> None:
    assert named(said) == name


def test_a_name_that_can_not_say_everything_is_nobody_elses() -> None:
    odd = [named({"data.root": root}) for root in ("'/a/b'", "'/a?b'", "x" * 300, "x" * 301)]
    assert len(set(odd)) == 4
    assert all(name.isascii() and "/" not in name and len(name) < 120 for name in odd)


def test_short_keys_and_digests() -> None:
    assert short(["model", "optimizer.lr"]) == ["model", "lr"]
    assert digest(["a=1", "b=2"]) == digest(["b=2", "a=1"]) != digest(["a=1", "b=3"])


def test_jobs_are_sorted_by_their_numbers(tmp_path: Path) -> None:
    for name in ("depth=10", "depth=9", "lr=0.1,depth=2", "1", "seed=2,b=1", "seed=10"):
        freeze(tmp_path / name, {"overrides": []})
    (tmp_path / "other").mkdir()
    assert [job.name for job in jobs(tmp_path)] == [
        "1",
        "depth=9",
        "depth=10",
        "lr=0.1,depth=2",
        "seed=2,b=1",
        "seed=10",
    ]
