"""What a run says that it trains on, in pictures."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.methods.assembly import make_data
from denoiselab.report.contact import contact_sheet
from denoiselab.report.grids import read_strips

CONF = Path(__file__).parents[2] / "conf"
PICTURE = ["data.train=[chelsea.png]", "data.val=[]", "data.test=[]"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (("noise=gaussian",), ["input", "clean"]),
        (("noise=text", "supervision=noise2noise", "loss=l1"), ["input", "target", "clean"]),
        (("supervision=noise2void",), ["input", "target", "clean"]),
        (("noise=bicubic", "model=edsr"), ["input", "clean"]),
    ],
)
def test_examples_are_what_the_network_sees_and_what_it_is_held_against(
    said: tuple[str, ...], shown: list[str], tmp_path: Path
) -> None:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config: Any = OmegaConf.to_container(compose("train", [*PICTURE, *said]), resolve=True)
    data = make_data(config, trust=False)
    data.setup("fit")
    contact_sheet(data, tmp_path / "examples.png")
    (strip,) = read_strips(tmp_path / "examples.png")
    assert list(strip.pictures) == shown and strip.captions == {"input": "chelsea.png"}
    assert len({picture.shape for picture in strip.pictures.values()}) == 1
    pictures = [picture.float() for picture in strip.pictures.values()]
    for i, one in enumerate(pictures):
        assert all(not torch.equal(one, other) for other in pictures[i + 1 :])
