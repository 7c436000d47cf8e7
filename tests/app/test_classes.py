"""A classifier is asked for the classes that it learnt."""

from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.app.evaluate import check_classes
from denoiselab.app.options import conf_dir
from denoiselab.config import without_places
from denoiselab.errors import UserError


def composed(*overrides: str) -> dict[str, Any]:
    with initialize_config_dir(str(conf_dir()), version_base="1.3"):
        words = ["experiment=stacked_dae", "data.root=/data", *overrides]
        config: Any = OmegaConf.to_container(compose("train", overrides=words), resolve=True)
    return config


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (["data.variant=rect"], "these pictures show wide and tall rectangles, the network learnt ten digits"),
        (["data=fashion_mnist"], "these pictures show ten kinds of clothes, the network learnt ten digits"),
    ],
)
def test_other_classes_are_refused(asked: list[str], line: str) -> None:
    own = composed("data.variant=rot")
    for run in (own, own | {"data": without_places(own["data"])}):
        check_classes(run, composed("data=mnist"), trust=False)
        with pytest.raises(UserError, match=line):
            check_classes(run, composed(*asked), trust=False)


def test_a_denoiser_has_none() -> None:
    own = composed("supervision=clean", "method=denoiser", "optimizer=adam")
    check_classes(own, composed("data=fashion_mnist"), trust=False)
