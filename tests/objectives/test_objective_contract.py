"""What every objective of conf/loss promises."""

import inspect
import re
from pathlib import Path

import pytest
import torch
from omegaconf import OmegaConf
from torch import Tensor

from denoiselab.batch import Batch, Observation, Statistic
from denoiselab.config import build, resolve
from denoiselab.errors import UserError
from denoiselab.objectives import Objective

CONF = Path(__file__).parents[2] / "conf" / "loss"
NAMES = sorted(path.stem for path in CONF.glob("*.yaml"))
SHAPE = (2, 3, 4, 5)

pytestmark = pytest.mark.parametrize("name", NAMES)


def node_of(name: str) -> dict:
    return OmegaConf.to_container(OmegaConf.load(CONF / f"{name}.yaml"))


def objective_of(name: str) -> Objective:
    return build(node_of(name), "loss", trust=False)


def pair(target: Tensor, weight: Tensor | None = None) -> Batch:
    return Batch(observation=Observation(target), target=target, index=torch.arange(len(target)), weight=weight)


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.rand(*(shape or SHAPE), generator=torch.Generator().manual_seed(seed))


def test_the_yaml_holds_what_the_constructor_takes(name: str) -> None:
    node = node_of(name)
    parameters = inspect.signature(resolve(node["_target_"], "loss", trust=False)).parameters
    taken = {n: p for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
    assert set(node) - {"_target_"} == set(taken)
    assert all(p.default is p.empty for p in taken.values())


def test_a_scalar_with_a_finite_gradient(name: str) -> None:
    prediction = drawn(0).requires_grad_()
    loss = objective_of(name)(prediction, pair(drawn(1)), 0.5)
    loss.backward()
    assert loss.shape == ()
    assert loss.isfinite()
    assert prediction.grad.isfinite().all()
    assert prediction.grad.any()


@pytest.mark.parametrize("shape", [(2, 1, 4, 5), (1, 3, 4, 5), (2, 3, 8, 10), (3, 4, 5)])
def test_a_prediction_of_another_shape_is_refused(name: str, shape: tuple[int, ...]) -> None:
    """Most of these would broadcast, and train a network towards an average."""
    with pytest.raises(UserError, match=rf"{re.escape(str(shape))}.*{re.escape(str(SHAPE))}.*model\.out_channels"):
        objective_of(name)(drawn(0, *shape), pair(drawn(1)), 0.5)


def test_half_precision_is_taken_to_float32_and_float64_kept(name: str) -> None:
    objective, batch = objective_of(name), pair(drawn(1))
    assert objective(drawn(0).bfloat16(), batch, 0.5).dtype is torch.float32
    assert objective(drawn(0).double(), pair(drawn(1).double()), 0.5).dtype is torch.float64


def test_what_has_no_weight_does_not_count(name: str) -> None:
    objective, target = objective_of(name), drawn(1)
    weight = (drawn(2, 2, 1, 4, 5) > 0.5).float()
    prediction = drawn(0).requires_grad_()
    loss = objective(prediction, pair(target, weight), 0.5)
    loss.backward()
    assert not prediction.grad[(weight == 0).expand(SHAPE)].any()
    assert torch.equal(objective(prediction, pair(torch.where(weight > 0, target, 1 - target), weight), 0.5), loss)
    seen = weight.expand(SHAPE) > 0
    torch.testing.assert_close(loss, objective(prediction[seen][None], pair(target[seen][None]), 0.5))


def test_weights_are_relative(name: str) -> None:
    objective, prediction, target = objective_of(name), drawn(0), drawn(1)
    for value in (1.0, 1e-4, 7.0):
        weighted = objective(prediction, pair(target, torch.full((1,), value)), 0.5)
        torch.testing.assert_close(weighted, objective(prediction, pair(target), 0.5))


def test_a_batch_without_any_weight_gives_zero(name: str) -> None:
    prediction = drawn(0).requires_grad_()
    loss = objective_of(name)(prediction, pair(drawn(1), torch.zeros(1)), 0.5)
    loss.backward()
    assert loss == 0
    assert not prediction.grad.any()


def test_it_estimates_what_it_states(name: str) -> None:
    """On skewed targets with an atom (mean 0.10, median 0.07, mode 0.2) the gradient changes its sign there."""
    objective = objective_of(name)
    skewed = torch.distributions.Exponential(1.0).icdf((torch.arange(9_000) + 0.5) / 9_000) / 12
    target = torch.cat((skewed, torch.full((1_000,), 0.2)))[None]
    at = {Statistic.MEAN: target.mean(), Statistic.MEDIAN: target.median(), Statistic.MODE: torch.tensor(0.2)}
    for step in (-0.002, 0.002):
        constant = (at[objective.estimates] + step).requires_grad_()
        objective(constant.expand_as(target), pair(target), 0.99).backward()
        assert constant.grad.sign() == (1 if step > 0 else -1)
    if objective.estimates is Statistic.MODE:
        loss = {statistic: objective(c.expand_as(target), pair(target), 0.99) for statistic, c in at.items()}
        assert min(loss, key=loss.get) is Statistic.MODE
