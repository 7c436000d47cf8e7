"""What a run is given of rendered scenes: two draws, each the input once, or references; auxiliary layers in place."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from denoiselab.data import renders
from denoiselab.domains import HDR
from denoiselab.errors import UserError
from denoiselab.rendering import Layers, Shot

CPU = torch.device("cpu")
SMALL = [
    "data=renders", "data.size=16", "data.train_scenes=3", "data.val_scenes=1", "data.test_scenes=2",
    "data.batch_size=6", "supervision=noise2noise",
]  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Shot]:
    """The renders asked for; a stand-in for Mitsuba makes albedo and normal of the radiance."""
    wanted: list[Shot] = []

    def rendered(shots: Sequence[Shot], folder: Path) -> list[Layers]:
        wanted.extend(shots)
        return [layers(shot) for shot in shots]

    monkeypatch.setattr(renders, "rendered", rendered)
    return wanted


def layers(shot: Shot) -> Layers:
    random = np.random.default_rng([shot.scene % 1000, shot.samples, ord(shot.draw[0])])
    radiance = (random.random((shot.size, shot.size, 3)) * 100).astype(np.float32)
    return {"radiance": radiance, "albedo": radiance + 1000, "normal": -radiance}


def test_each_draw_is_the_input_once(composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    data = composed_data(*SMALL, "noise.samples=4")
    data.setup("fit")
    store = data.stores["train"]
    assert len(store) == 6 and set(store.layers) == {"shot0", "shot1", "aux"}
    for i in range(3):
        first, second = store.sample(i), store.sample(i + 3)
        assert torch.equal(first["shot0"], second["shot1"]) and torch.equal(first["shot1"], second["shot0"])
        assert not torch.equal(first["shot0"], first["shot1"])
    assert {(shot.samples, shot.draw) for shot in asked} == {(4, "a"), (4, "b"), (512, "reference")}
    assert sum(shot.draw == "reference" for shot in asked) == 1, "of the scene to validate on alone"


def test_clean_targets_have_the_same_inputs(composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    noisy, clean = (composed_data(*SMALL, f"supervision={name}") for name in ("noise2noise", "clean"))
    for data in (noisy, clean):
        data.setup("fit")
    stores = [data.stores["train"] for data in (noisy, clean)]
    assert torch.equal(stores[0].layers["shot0"], stores[1].layers["shot0"]) and "shot1" not in stores[1].layers
    assert sum(shot.draw == "reference" for shot in asked) == 3 + 2


def test_batch_has_nine_channels_in_place(composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    data = composed_data(*SMALL)
    data.setup("fit")
    batch = data.training_batch(0, 0, 1, CPU)
    assert batch.input.shape == (6, 9, 8, 8) and batch.target.shape == (6, 3, 8, 8)
    radiance, albedo, normal = batch.input.split(3, 1)
    torch.testing.assert_close(albedo, radiance + 1000)
    assert torch.equal(normal, -radiance)
    assert batch.input.dtype is torch.float32 and batch.target.max() > 50, "neither clipped nor rounded"


def test_scenes_of_a_split_are_its_own(composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    data = composed_data(*SMALL)
    data.setup("fit")
    before = {shot.scene for shot in asked}
    data.setup("test")
    assert len(before) == 4 and len({shot.scene for shot in asked}) == 6
    batch = data.measured_batch("test", [1], CPU, lambda sample, _: sample)
    assert batch.input.shape == (1, 9, 16, 16) and batch.clean is not None
    assert data.domain is HDR


def test_auxiliary_layers_are_chosen(composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    for names, channels in (("[]", 3), ("[normal]", 6)):
        data = composed_data(*SMALL, f"data.aux={names}")
        data.setup("fit")
        assert data.training_batch(0, 0, 1, CPU).input.shape[1] == channels


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("data.size=0", r"data\.size=0: at least 1"),
        ("data.test_scenes=0", r"data\.test_scenes=0: at least 1"),
        ("data.channels=1", r"data\.channels"),
        ("data.shuffle_channels=true", r"data\.shuffle_channels=false"),
        ("noise=gaussian", "noise=montecarlo"),
        ("noise.samples=0", r"noise\.samples=0: at least 1"),
    ],
)
def test_what_can_t_be_is_said(override: str, said: str, composed_data: Callable[..., Any], asked: list[Shot]) -> None:
    with pytest.raises(UserError, match=said):
        composed_data(*SMALL, override).setup("fit")
