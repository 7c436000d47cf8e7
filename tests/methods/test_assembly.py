"""Parts that don't go together are refused before anything is read, in one line with the remedy."""

from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from denoiselab.errors import UserError
from denoiselab.methods.assembly import check_parts, make_data, make_method

CONF = Path(__file__).parents[2] / "conf"


def composed(*overrides: str) -> dict[str, Any]:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config: Any = OmegaConf.to_container(compose("train", overrides=["data.root=/data", *overrides]), resolve=True)
    return config


@pytest.mark.parametrize(
    ("overrides", "line"),
    [
        (["supervision=clean"], "supervision: GreedyClassifier learns classes: take supervision=label"),
        (["method=denoiser", "optimizer=adam"], "supervision: Denoiser learns pictures: take supervision=clean"),
    ],
)
def test_classes_and_pictures(overrides: list[str], line: str) -> None:
    config = composed("experiment=stacked_dae", *overrides)
    with pytest.raises(UserError, match=line):
        check_parts(make_data(config, trust=False), make_method(config, trust=False))


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("optimizer.phases=3", "optimizer.phases=3: phases by name are needed"),
        ("optimizer.phases.layer1=3", r"optimizer\.phases\.layer1\.optimizer names no class"),
        ("optimizer.phases.layer1.optimizer=3", r"optimizer\.phases\.layer1\.optimizer names no class"),
        (
            "optimizer.phases.layer1.steps=-5",
            r"optimizer\.phases\.layer1\.steps=-5: every phase but the last has an end",
        ),
    ],
)
def test_phases_that_are_none(override: str, line: str) -> None:
    with pytest.raises(UserError, match=line):
        make_method(composed("experiment=stacked_dae", override), trust=False)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["experiment=adversarial"], "PosteriorSampler"),
        (["experiment=latent_prior"], "LatentPrior by LevenbergMarquardt"),
        (["experiment=latent_prior", "method=latent_descent"], "LatentPrior by GradientDescent"),
    ],
)
def test_methods_tell_themselves_apart(overrides: list[str], said: str) -> None:
    assert make_method(composed(*overrides), trust=False).describe() == said


@pytest.mark.parametrize("method", ["posterior_sampler", "flow_sampler"])
@pytest.mark.parametrize("supervision", ["noise2noise", "noise2void"])
def test_noise_is_not_sampled(method: str, supervision: str) -> None:
    config = composed("experiment=adversarial", f"method={method}", f"supervision={supervision}", "loss=l2")
    config["noise"] = {"_target_": "denoiselab.degradations.Gaussian", "sigma": 25, "clip": False}
    with pytest.raises(UserError, match="learns to draw what its targets are drawn from, noise included: take superv"):
        check_parts(make_data(config, trust=False), make_method(config, trust=False))


def test_modules_that_are_not_there_are_named() -> None:
    method = make_method(composed("experiment=stacked_dae", "optimizer.phases.layer1.trains=[network.layers.0,nets]"),
                         trust=False)  # fmt: skip
    with pytest.raises(UserError, match=r"trains=nets: no parameter is named so \(there is: network\."):
        method.phases[0].parameters(method)


def test_an_optimizer_that_takes_no_such_pair() -> None:
    method = make_method(composed("experiment=adversarial", "+optimizer.foreach=true"), trust=False)
    with pytest.raises(UserError, match=r"optimizer: .*fused"):
        method.phases[0].optimizer(method.parameters())


@pytest.mark.parametrize(("method", "channels"), [("posterior_sampler", 2), ("flow_sampler", 3), ("denoiser", 1)])
def test_a_network_takes_what_its_method_lays_beside_the_picture(method: str, channels: int) -> None:
    made = make_method(composed("experiment=adversarial", f"method={method}"), trust=False)
    assert made.network.signature.in_channels == channels and made.in_channels == 1


def test_channels_that_no_flow_takes() -> None:
    config = composed("experiment=adversarial", "method=flow_sampler", "+model.in_channels=2")
    with pytest.raises(UserError, match=r"network: 2 channels, .*: leave model\.in_channels away"):
        make_method(config, trust=False)
