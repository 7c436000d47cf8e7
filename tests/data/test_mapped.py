"""A store in files is the store in memory; it is written once, whole, and never loaded."""

import os
import resource
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from denoiselab.data import reading
from denoiselab.data.order import Order
from denoiselab.data.reading import Files, read_store
from denoiselab.data.store import Crops, PictureStore
from denoiselab.errors import UserError

CPU = torch.device("cpu")
SIZES = [(9, 7), (12, 8), (6, 20), (16, 16)]


@pytest.fixture
def scenes(tmp_path: Path) -> list[Files]:
    """Pairs of small pictures, the third a gray one."""
    random, found = np.random.default_rng(0), []
    for i, (height, width) in enumerate(SIZES):
        scene = {}
        for layer in ("clean", "shot0"):
            scene[layer] = tmp_path / f"{i}_{layer}.png"
            shape = (height, width) if i == 2 else (height, width, 3)
            Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8)).save(scene[layer])
        found.append(scene)
    return found


def both(scenes: list[Files], tmp_path: Path) -> tuple[PictureStore, PictureStore, list[str], list[str]]:
    notes: tuple[list[str], list[str]] = [], []
    stores = [
        read_store(scenes, 3, said, skip_broken=True, cache=cache)
        for cache, said in zip((None, str(tmp_path / "cache")), notes, strict=True)
    ]
    assert stores[0] and stores[1]
    return stores[0], stores[1], *notes


def equal(one: PictureStore, other: PictureStore) -> bool:
    return (
        (one.names, one.keys) == (other.names, other.keys)
        and all(torch.equal(one.sample(i)[k], other.sample(i)[k]) for i in range(len(one)) for k in one.layers)
        and {k: v.dtype for k, v in one.layers.items()} == {k: v.dtype for k, v in other.layers.items()}
    )


def test_files_hold_what_memory_holds(scenes: list[Files], tmp_path: Path) -> None:
    (tmp_path / "1_clean.png").write_bytes(b"no picture")
    memory, mapped, said, again = both(scenes, tmp_path)
    assert equal(memory, mapped) and said == again and len(said) == 2
    assert mapped.layers["clean"].dtype is torch.uint8
    windows = Crops(*np.array([[0, 1, 2, 5], [2, 3, 1, 2]]).T)
    assert torch.equal(memory.crops(windows, 4, CPU)["shot0"], mapped.crops(windows, 4, CPU)["shot0"])


def test_deeper_pictures_make_all_float(scenes: list[Files], tmp_path: Path) -> None:
    deep = np.random.default_rng(1).integers(0, 65536, SIZES[3], dtype=np.uint16)
    Image.fromarray(deep).save(scenes[3]["clean"])
    memory, mapped, *_ = both(scenes, tmp_path)
    assert equal(memory, mapped) and mapped.layers["clean"].dtype is torch.float32


def test_second_run_decodes_nothing_and_a_changed_picture_everything(
    scenes: list[Files], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first, _, said = both(scenes, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_picture", None)
        notes: list[str] = []
        second = read_store(scenes, 3, notes, skip_broken=True, cache=str(tmp_path / "cache"))
        assert second and equal(first, second) and notes == said
    Image.fromarray(np.zeros((9, 7, 3), dtype=np.uint8)).save(scenes[0]["clean"])
    memory, third, *_ = both(scenes, tmp_path)
    assert equal(memory, third) and not equal(first, third)


def test_nothing_half_written_stays(scenes: list[Files], tmp_path: Path) -> None:
    (tmp_path / "3_shot0.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match="3_shot0"):
        read_store(scenes, 3, [], skip_broken=False, cache=str(tmp_path / "cache"))
    assert not list((tmp_path / "cache").iterdir())


def test_files_that_are_gone_or_cut_are_written_anew(scenes: list[Files], tmp_path: Path) -> None:
    memory, *_ = both(scenes, tmp_path)
    next((tmp_path / "cache").glob("*.shot0")).unlink()
    os.truncate(next((tmp_path / "cache").glob("*.clean")), 100)
    assert equal(both(scenes, tmp_path)[1], memory)
    for size in (0, 100):
        os.truncate(next((tmp_path / "cache").glob("*.index")), size)
        assert equal(both(scenes, tmp_path)[1], memory)


def test_what_training_left_out_is_not_left_out_of_a_test(scenes: list[Files], tmp_path: Path) -> None:
    (tmp_path / "3_shot0.png").write_bytes(b"no picture")
    both(scenes, tmp_path)
    with pytest.raises(UserError, match=r"3_shot0\.png: can't be read"):
        read_store(scenes, 3, [], skip_broken=False, cache=str(tmp_path / "cache"))


def test_a_deep_picture_among_others_is_counted_as_the_floats_that_all_become(
    scenes: list[Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_of_all = 6 * sum(height * width for height, width in SIZES)
    monkeypatch.setattr(reading, "free_memory", lambda: 2 * bytes_of_all / reading.MEMORY_PART)
    assert read_store(scenes, 3, [], skip_broken=True, cache=None)
    Image.fromarray(np.zeros(SIZES[3], np.uint16)).save(scenes[3]["clean"])
    with pytest.raises(UserError, match="4 pictures don't fit into memory"):
        read_store(scenes, 3, [], skip_broken=True, cache=None)


def test_too_many_for_memory_is_said(scenes: list[Files], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "free_memory", lambda: 1000.0)
    with pytest.raises(UserError, match=r"4 pictures don't fit into memory .*data\.cache=FOLDER"):
        read_store(scenes, 3, [], skip_broken=True, cache=None)


def test_four_hundred_thousand_pictures_take_no_memory(tmp_path: Path) -> None:
    number, side = 400_000, 64
    file = tmp_path / "pixels"
    with file.open("wb") as pixels:
        os.truncate(pixels.fileno(), number * side * side * 3)
        pixels.seek((number - 1) * side * side * 3)
        pixels.write(bytes(range(192)) * side)
    buffer = torch.from_file(str(file), size=number * side * side * 3, dtype=torch.uint8).view(-1, 3)
    sizes = np.full(number, side)
    store = PictureStore({"clean": buffer}, sizes, sizes, [""] * number, [""] * number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    order = Order(number, 0)
    for step in range(20):
        index = order[range(step * 64, step * 64 + 64)]
        place = index % 17
        assert store.crops(Crops(index, place, place, index % 8), 32, CPU)["clean"].shape == (64, 3, 32, 32)
    last = store.crops(Crops(*np.array([[number - 1], [0], [0], [0]])), side, CPU)["clean"]
    assert torch.equal(last[0, :, 0], torch.arange(192).view(64, 3).T / 255)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB; the file is 4.9 GB
