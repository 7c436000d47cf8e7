"""Pictures in .npy, .npz and .pt files."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.data import TensorFiles
from denoiselab.degradations import Gaussian, Recorded
from denoiselab.errors import UserError
from denoiselab.io.tensors import read_pictures
from denoiselab.supervision import Clean, Noise2Noise

PIXELS = np.random.default_rng(0).integers(0, 256, (20, 3, 12, 10), dtype=np.uint8)
SHARED = {
    "channels": 3, "batch_size": 4, "crop_size": 8, "crops_per_picture": 1, "augment": True, "shuffle_channels": False,
    "val_crop": None, "seed": 0, "target": None, "target_is": "clean", "held_out": 0.1,
}  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str, Any], str]:
    def save(name: str, content: Any) -> str:
        path = tmp_path / name
        if path.suffix == ".pt":
            torch.save(content, path)
        elif path.suffix == ".npz":
            np.savez(path, **content)
        else:
            np.save(path, content)
        return str(path)

    return save


def data(**own: Any) -> TensorFiles:
    noise = {name: Gaussian(sigma=25, clip=False) for name in ("degradation", "test_degradation")}
    return TensorFiles(**{**SHARED, **noise, "supervision": Clean(), **own})


def test_every_layout_and_file(saved: Callable[[str, Any], str]) -> None:
    expected = torch.tensor(PIXELS).permute(0, 2, 3, 1)
    tensor = torch.tensor(PIXELS)
    for place in (
        saved("a.npy", PIXELS),
        saved("b.npy", PIXELS.transpose(0, 2, 3, 1)),
        saved("c.npz", {"x": PIXELS}),
        saved("d.npz", {"x": PIXELS, "y": PIXELS[:1]}) + "#x",
        saved("e.pt", tensor),
        saved("f.pt", (tensor[:1], tensor)) + "#1",
        saved("g.pt", {"noisy": tensor, "clean": tensor[:1]}) + "#noisy",
    ):
        assert torch.equal(read_pictures(place), expected), place
    assert read_pictures(saved("h.npy", PIXELS[:, 0].astype(np.float64) / 255)).dtype is torch.float32
    assert read_pictures(saved("i.npy", PIXELS[:, 0])).shape == (20, 12, 10, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.npy", np.zeros((5, 5)), r"holds \(5, 5\)"),
        ("a.npy", np.zeros((5, 5, 5), np.int64), "holds int64"),
        ("a.npy", np.zeros((0, 3, 5, 5)), r"holds \(0, 5, 5, 3\)"),
        ("a.npz", {"x": PIXELS, "y": PIXELS}, "name one of its arrays, FILE#NAME .there is: x, y."),
        ("a.pt", {7: torch.tensor(PIXELS), 8: 0}, "name one of its arrays, FILE#NAME .there is: 7, 8."),
        ("a.pt", {"x": print}, "can't be read as plain arrays"),
        ("a.npy", np.array([{"a": 1}], dtype=object), "can't be read as plain arrays"),
        ("a.png", PIXELS, "an existing file ending in .npy, .npz, .pt"),
    ],
)
def test_what_can_not_be_read_is_named(name: str, content: Any, said: str, saved: Any, tmp_path: Path) -> None:
    place = saved(name, content)
    with pytest.raises(UserError, match=said):
        read_pictures(place)


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.pt"])
def test_damaged_files_are_named(name: str, saved: Any) -> None:
    """Any byte may be wrong: what is read all the same is no error, what isn't is one line."""
    content: dict[str, Any] = {"a.npy": PIXELS[:3], "a.npz": {"x": PIXELS[:3]}, "a.pt": {7: torch.tensor(PIXELS[:3])}}
    path, random = Path(saved(name, content[name])), np.random.default_rng(0)
    whole = path.read_bytes()
    for _ in range(60):
        data = bytearray(whole)
        for place in random.integers(0, len(data), 12):
            data[place] = random.integers(256)
        path.write_bytes(data)
        with suppress(UserError):
            read_pictures(f"{path}#{7 if name == 'a.pt' else 'x'}")


def test_clean_pictures_get_noise(saved: Callable[[str, Any], str]) -> None:
    module = data(input=saved("a.npy", PIXELS))
    module.setup()
    assert [len(module.stores[split]) for split in ("train", "val", "test")] == [16, 2, 2]
    batch = module.training_batch(0, 0, 1, torch.device("cpu"))
    assert batch.target.shape == (4, 3, 8, 8) and not torch.equal(batch.input, batch.target)
    names = {name for store in module.stores.values() for name in store.names}
    assert names == {f"a.npy[{i}]" for i in range(20)}


def test_two_noisy_sets_stay_aligned(saved: Callable[[str, Any], str]) -> None:
    places = {"input": saved("a.pt", torch.tensor(PIXELS)), "target": saved("b.npy", PIXELS.astype(np.float32) / 255)}
    recorded = dict.fromkeys(("degradation", "test_degradation"), Recorded())
    module = data(**places, **recorded, target_is="noisy", supervision=Noise2Noise(force=False))
    module.setup()
    batch = module.training_batch(0, 0, 1, torch.device("cpu"))
    torch.testing.assert_close(batch.input, batch.target)
    assert batch.clean is None


def test_gray_for_an_rgb_network_and_the_reverse(saved: Callable[[str, Any], str]) -> None:
    module = data(input=saved("a.npy", PIXELS[:, 0]))
    module.setup()
    assert module.stores["train"].layers["clean"].shape[1] == 3
    with pytest.raises(UserError, match="channels=1: the file holds pictures of 3 channels"):
        data(input=saved("b.npy", PIXELS), channels=1).setup()


def test_sizes_that_differ_and_the_wrong_scale(saved: Callable[[str, Any], str]) -> None:
    with pytest.raises(UserError, match=r"one shape \(n, H, W\): of .*a\.npy .*b\.npy .*, leave some out"):
        data(input=saved("a.npy", PIXELS), target=saved("b.npy", PIXELS[:5])).setup()
    for scaled, said in (
        (PIXELS.astype(np.float32), "floats from 0 to 255"),
        (PIXELS / np.float32(127.5) - 1, "floats from -1 to 1"),
        (np.where(PIXELS == 7, np.nan, PIXELS / np.float32(255)), "holds values that are no numbers"),
    ):
        with pytest.raises(UserError, match=said):
            data(input=saved("a.npy", scaled)).setup()
    photons = np.random.default_rng(0).poisson(PIXELS / 255 * 2).astype(np.float32) / 2
    recorded = dict.fromkeys(("degradation", "test_degradation"), Recorded())
    places = {"input": saved("a.npy", photons), "target": saved("b.npy", PIXELS.astype(np.float32) / 255)}
    data(**places, **recorded).setup()


def test_recordings_and_supervision_have_to_agree(saved: Callable[[str, Any], str]) -> None:
    recorded = dict.fromkeys(("degradation", "test_degradation"), Recorded())
    pair = {"input": saved("a.npy", PIXELS), "target": saved("b.npy", PIXELS)}
    with pytest.raises(UserError, match="2 noisy recordings of each scene are needed, here is 1"):
        data(**pair, **recorded, supervision=Noise2Noise(force=False)).setup()
    with pytest.raises(UserError, match="noise=recorded: these samples are clean"):
        data(input=pair["input"], **recorded).setup()
