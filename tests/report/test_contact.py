"""What a run says that it trains on, in pictures."""

from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.data import Data
from denoiselab.methods.assembly import make_data
from denoiselab.report.contact import contact_sheet
from denoiselab.report.grids import read_strips

CONF = Path(__file__).parents[2] / "conf"


def prepared(said: list[str]) -> Data:
    """The data of a command line, ready to train on."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config: Any = OmegaConf.to_container(compose("train", said), resolve=True)
    data = make_data(config, trust=False)
    data.setup("fit")
    return data


PICTURE = ["data.train=[chelsea.png]", "data.val=[]", "data.test=[]"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("noise=gaussian",), ["input", "clean"]),
        (("noise=text", "supervision=noise2noise", "loss=l1"), ["input", "target", "clean"]),
        (("supervision=noise2void",), ["input", "target", "clean"]),
        (("supervision=neighbor2neighbor",), ["input", "clean"]),
        (("noise=bicubic", "model=edsr"), ["input", "clean"]),
    ],
)
def test_examples_are_what_the_network_sees_and_what_it_is_held_against(
    said: tuple[str, ...], shown: list[str], tmp_path: Path
) -> None:
    contact_sheet(prepared([*PICTURE, *said]), tmp_path / "examples.png")
    (strip,) = read_strips(tmp_path / "examples.png")
    assert list(strip.pictures) == shown and strip.captions == {"input": "chelsea.png"}
    assert len({picture.shape for picture in strip.pictures.values()}) == 1
    errors = {
        name: float((picture.float() - strip.pictures["clean"]).abs().mean())
        for name, picture in strip.pictures.items()
    }
    assert errors.pop("clean") == 0 and min(errors.values()) > 2
    assert len({*errors.values()}) == len(errors), "input and target are two draws"


SHAPES = ["data=mnist_variant", "data.root=.", "data.variant=rect"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ([*SHAPES, "supervision=clean", "noise=bernoulli"], ["input", "clean"]),
        ([*SHAPES, "supervision=label", "noise=bernoulli"], None),
        (["experiment=posterior_mean"], None),
    ],
)
def test_pictures_with_classes_and_what_is_no_picture(said: list[str], shown: list[str] | None, tmp_path: Path) -> None:
    contact_sheet(prepared(said), tmp_path / "examples.png")
    if shown is None:
        assert not list(tmp_path.iterdir())
    else:
        assert [list(strip.pictures) for strip in read_strips(tmp_path / "examples.png")] == [shown] * 6
