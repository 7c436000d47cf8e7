"""Points in the plane pass through the trainer as photographs do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from denoiselab.report.tables import read_rows

STD = 0.1
PARTS: dict[str, Any] = {
    "data": {
        "_target_": "denoiselab.data.Points", "cloud": "open_circle", "channels": 2, "batch_size": 100,
        "train_size": 2000, "val_size": 300, "test_size": 300,
    },
    "noise": {"_target_": "denoiselab.degradations.White", "std": STD},
    "model": {"_target_": "denoiselab.networks.MLP", "num_features": 100},
}  # fmt: skip


def test_mlp_moves_points_towards_the_circle(trained: Callable[..., Any], capfd: Any) -> None:
    run = trained(**PARTS, trainer={"max_steps": 240, "val_every": 80})
    errors = run.metric("val/mse")
    assert len(errors) == 3
    assert 0.3 * STD**2 < errors[-1] < 0.8 * STD**2  # what lies along the circle can't be known
    assert (run.path / "best.ckpt").exists()
    capfd.readouterr()
    measured = yaml.safe_load((run.path / "summary.yaml").read_text())
    assert measured["points"] == 300 and measured["MSE"] == pytest.approx(errors[-1], rel=0.15)
    points = read_rows(run.path / "results.csv")[1]
    assert np.mean([float(row["noisy"]) for row in points]) == pytest.approx(STD**2, rel=0.15)
    assert np.mean([float(row["MLP"]) for row in points]) == pytest.approx(measured["MSE"])


def test_killed_run_ends_as_one_never_interrupted(trained: Callable[..., Any], resumed: Callable[..., Any]) -> None:
    steps = {"max_steps": 12, "val_every": 4}
    whole = trained("whole", **PARTS, trainer=steps)
    again = resumed("again", 6, **PARTS, trainer=steps)
    assert torch.equal(whole.weights(), again.weights())
    assert whole.metric("loss") == again.metric("loss")
    assert whole.metric("val/mse") == again.metric("val/mse")
