"""Objectives against their closed forms in numpy."""

import numpy as np
import pytest
import torch

from denoiselab.batch import Batch, Observation
from denoiselab.errors import UserError
from denoiselab.objectives import BCE, L1, L2, AnnealedL0, Charbonnier, HDRRelative, Objective

F = np.array([[0.5, 2.0, 0.0], [-0.3, -0.01, 30.0]])
Y = np.array([[0.2, 2.5, 0.0], [0.1, 0.02, 10.0]])


def loss_and_gradient(objective: Objective, f: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    prediction, target = torch.tensor(f, requires_grad=True), torch.tensor(y)
    batch = Batch(observation=Observation(target), target=target, index=torch.arange(len(f)))
    loss = objective(prediction, batch, 0.0)
    loss.backward()
    return loss.item(), prediction.grad.numpy()


def test_l1() -> None:
    loss, gradient = loss_and_gradient(L1(), F, Y)
    assert loss == pytest.approx(np.abs(F - Y).mean())
    np.testing.assert_allclose(gradient, np.sign(F - Y) / F.size)


def test_l2() -> None:
    loss, gradient = loss_and_gradient(L2(), F, Y)
    assert loss == pytest.approx(((F - Y) ** 2).mean())
    np.testing.assert_allclose(gradient, 2 * (F - Y) / F.size)


def test_charbonnier() -> None:
    root = np.sqrt((F - Y) ** 2 + 0.1**2)
    loss, gradient = loss_and_gradient(Charbonnier(eps=0.1), F, Y)
    assert loss == pytest.approx(root.mean())
    np.testing.assert_allclose(gradient, (F - Y) / root / F.size)


def test_hdr_and_its_gradient_where_radiance_is_positive() -> None:
    f, y = np.abs(F), np.abs(Y)
    loss, gradient = loss_and_gradient(HDRRelative(eps=0.01), f, y)
    assert loss == pytest.approx(((f - y) ** 2 / (f + 0.01) ** 2).mean())
    np.testing.assert_allclose(gradient, 2 * (f - y) / (f + 0.01) ** 2 / f.size)


def test_hdr_lets_no_gradient_through_the_denominator() -> None:
    f, y = np.abs(F), np.abs(Y)
    through = 2 * (f - y) * (y + 0.01) / (f + 0.01) ** 3 / f.size
    _, gradient = loss_and_gradient(HDRRelative(eps=0.01), f, y)
    assert not np.allclose(gradient, through)


def test_hdr_counts_a_negative_prediction_as_zero_below() -> None:
    f, y = np.array([-0.3, -0.01, -5.0]), np.array([0.1, 0.02, 0.0])
    loss, gradient = loss_and_gradient(HDRRelative(eps=0.01), f, y)
    assert loss == pytest.approx(((f - y) ** 2 / 0.01**2).mean())
    np.testing.assert_allclose(gradient, 2 * (f - y) / 0.01**2 / 3)
    assert (gradient < 0).all()


@pytest.mark.parametrize(("progress", "gamma"), [(0.0, 2.0), (0.5, 1.0), (0.9, 0.2), (1.0, 0.0)])
def test_annealed_l0(progress: float, gamma: float) -> None:
    batch = Batch(observation=Observation(torch.tensor(Y)), target=torch.tensor(Y), index=torch.arange(len(Y)))
    loss = AnnealedL0(eps=1e-8)(torch.tensor(F), batch, progress)
    assert float(loss) == pytest.approx(((np.abs(F - Y) + 1e-8) ** gamma).mean())


def test_bce() -> None:
    f, y = np.array([[0.1, 0.5], [0.9, 0.7]]), np.array([[0.0, 0.5], [1.0, 0.2]])
    loss, gradient = loss_and_gradient(BCE(), f, y)
    assert loss == pytest.approx(-(y * np.log(f) + (1 - y) * np.log(1 - f)).mean())
    np.testing.assert_allclose(gradient, (f - y) / (f * (1 - f)) / f.size)


def test_bce_of_a_saturated_sigmoid_is_finite() -> None:
    loss, gradient = loss_and_gradient(BCE(), np.array([[0.0, 1.0, 1.0]]), np.array([[0.0, 1.0, 0.0]]))
    assert loss == pytest.approx(100 / 3)
    assert np.isfinite(gradient).all()


def test_bce_without_a_sigmoid_is_named() -> None:
    with pytest.raises(UserError, match="end in a sigmoid"):
        loss_and_gradient(BCE(), np.array([[1.5]]), np.array([[1.0]]))


def test_bce_of_a_target_with_added_noise_is_named() -> None:
    with pytest.raises(UserError, match=r"targets leave \[0, 1\], as where noise is added to them: take loss=l2"):
        loss_and_gradient(BCE(), np.array([[0.5]]), np.array([[1.5]]))


@pytest.mark.parametrize("kind", [AnnealedL0, Charbonnier, HDRRelative])
@pytest.mark.parametrize("eps", [0.0, -0.01])
def test_eps_is_above_zero(kind: type[Objective], eps: float) -> None:
    with pytest.raises(UserError, match=f"eps={eps}"):
        kind(eps=eps)
