"""What is suggested at the end of a run is what works for it."""

from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.app.next_steps import next_steps
from denoiselab.app.options import conf_dir

SAID = {
    "model=dncnn": ["denoise", "noise.sigma=15"],
    "model=dncnn noise=gaussian_blind": ["denoise", "noise.sigma=25"],
    "model=dncnn noise=impulse": ["denoise", "protocol=noise2noise"],
    "experiment=stacked_dae": [],
    "experiment=posterior_mean": [],
    "experiment=stacked_dae_patches": [],
    "experiment=latent_prior": [],
    "experiment=adversarial": [],
    "experiment=dense_dae": ["noise.sigma=255"],
    "experiment=dae_mnist": [],
    "experiment=super_resolution": ["denoise", "data=set5"],
    "experiment=super_resolution_mnist": [],
}


@pytest.mark.parametrize("words", SAID)
def test_after_a_run_that_was_measured(words: str, tmp_path: Path) -> None:
    *said, last = next_steps(config(words, tmp_path), Path("outputs/run"), measured=True)
    assert "train" in last and "ckpt=outputs/run" in last
    assert len(said) == len(SAID[words]) and all(word in line for word, line in zip(SAID[words], said, strict=True))


def test_after_a_run_without_clean_pictures(tmp_path: Path) -> None:
    said = list(next_steps(config("model=dncnn", tmp_path), Path("outputs/run"), measured=False))
    assert len(said) == 3 and "data=folder data.root=CLEAN noise=gaussian" in said[1]
    assert (
        len(list(next_steps(config("experiment=posterior_mean", tmp_path), Path("outputs/run"), measured=False))) == 1
    )


def config(words: str, root: Path) -> dict[str, Any]:
    own = [] if "model=" in words or "posterior_mean" in words or "patches" in words else [f"data.root={root}"]
    with initialize_config_dir(str(conf_dir()), version_base="1.3"):
        composed: Any = OmegaConf.to_container(compose("train", overrides=[*words.split(), *own]), resolve=True)
    return composed
