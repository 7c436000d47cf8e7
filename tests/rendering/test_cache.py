"""Renders on disk: made once, whole under any kill, shared by processes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from denoiselab.errors import UserError
from denoiselab.rendering import LAYERS, Layers, Shot, cache, rendered

SHOTS = [Shot(scene, 4, 8, draw) for scene in range(3) for draw in "ab"]


def layers(seed: int) -> Layers:
    random = np.random.default_rng(seed)
    return {name: random.random((4, 4, 3)).astype(np.float32) for name in LAYERS}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Shot]:
    """What has been rendered so far, by a stand-in for Mitsuba."""
    done: list[Shot] = []

    def render(shot: Shot) -> Layers:
        done.append(shot)
        return layers(len(done))

    monkeypatch.setattr(Shot, "render", render)
    return done


def test_rendered_once(tmp_path: Path, made: list[Shot]) -> None:
    first, again = rendered(SHOTS, tmp_path), rendered(SHOTS, tmp_path)
    assert len(made) == len(SHOTS) == len(set(made))
    for one, other, shot in zip(first, again, SHOTS, strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in LAYERS)
        assert np.array_equal(one["radiance"], layers(made.index(shot) + 1)["radiance"])


def test_a_name_for_everything_that_matters() -> None:
    asked = [Shot(0, 4, 8, "a"), Shot(1, 4, 8, "a"), Shot(0, 5, 8, "a"), Shot(0, 4, 9, "a"), Shot(0, 4, 8, "b")]
    assert len({shot.name for shot in asked}) == len(asked)
    assert asked[0].name == Shot(0, 4, 8, "a").name


def test_radiance_of_any_magnitude_is_kept(tmp_path: Path) -> None:
    given = {name: np.full((2, 2, 3), value, np.float32) for name, value in zip(LAYERS, (1.7e6, 0.5, -1), strict=True)}
    cache.write(tmp_path / "a.npz", given)
    kept = cache.read(tmp_path / "a.npz")
    assert all(np.array_equal(kept[name], given[name]) and kept[name].dtype == np.float32 for name in LAYERS)


KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from denoiselab.rendering import LAYERS, Shot, rendered
left = 4
def render(shot):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
    return {name: np.zeros((4, 4, 3), np.float32) for name in LAYERS}
Shot.render = render
rendered([Shot(scene, 4, 8, draw) for scene in range(3) for draw in "ab"], Path(sys.argv[1]))
"""


def test_goes_on_after_a_kill(tmp_path: Path, made: list[Shot]) -> None:
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], stderr=subprocess.DEVNULL).returncode == -9
    assert len(list(tmp_path.glob("*.npz"))) == 3
    assert len(rendered(SHOTS, tmp_path)) == 6
    assert len(made) == 3


def test_what_another_process_finished_is_left_out(
    tmp_path: Path, made: list[Shot], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(file: Path, given: Layers) -> None:
        monkeypatch.undo()
        for shot in SHOTS:
            cache.write(tmp_path / shot.name, given)

    monkeypatch.setattr(cache, "write", write)
    rendered(SHOTS, tmp_path)
    assert len(made) == 1


def test_processes_take_scenes_in_orders_of_their_own(
    tmp_path: Path, made: list[Shot], monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = [Shot(scene, 4, 8, draw) for scene in range(8) for draw in "ab"]
    orders = []
    for process in (11, 12):
        monkeypatch.setattr(cache.os, "getpid", lambda process=process: process)
        rendered(shots, tmp_path / str(process))
        orders.append([shot.scene for shot in made])
        made.clear()
    assert orders[0] != orders[1]
    assert all(order[::2] == order[1::2] for order in orders), "the draws of a scene follow each other"


def test_damaged_file_is_named(tmp_path: Path, made: list[Shot]) -> None:
    rendered(SHOTS[:1], tmp_path)
    (tmp_path / SHOTS[0].name).write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(UserError, match="remove it, it will be made anew"):
        rendered(SHOTS[:1], tmp_path)
