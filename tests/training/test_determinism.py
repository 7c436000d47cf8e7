"""The seed fixes everything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.methods.assembly import make_network
from denoiselab.methods.checkpoint import LAST, read_checkpoint
from denoiselab.report.tables import read_rows
from denoiselab.training.run import Run, train

Compose = Callable[..., dict[str, Any]]
Outcome = tuple[list[tuple[str, str]], torch.Tensor]


def outcome(config: dict[str, Any], folder: Path) -> Outcome:
    train(Run(config, {}, folder))
    weights = [v.flatten().double() for v in read_checkpoint(folder / LAST)["state_dict"].values()]
    return [(row["loss"], row["val/psnr"]) for row in read_rows(folder / "metrics.csv")[1]], torch.cat(weights)


def equal(a: Outcome, b: Outcome) -> bool:
    return a[0] == b[0] and torch.equal(a[1], b[1])


@pytest.mark.parametrize(
    "overrides", [(), ("model=unet", "trainer.deterministic=true")], ids=["plain", "deterministic"]
)
def test_same_seed_same_run(overrides: tuple[str, ...], composed: Compose, tmp_path: Path) -> None:
    config = composed(*overrides, "trainer.max_steps=4")
    try:
        first = outcome(config, tmp_path / "a")
        torch.manual_seed(1234)
        assert equal(first, outcome(config, tmp_path / "b"))
        assert not equal(first, outcome({**config, "seed": 1}, tmp_path / "c"))
    finally:
        torch.use_deterministic_algorithms(False)


def test_initial_weights_depend_on_the_seed_only(composed: Compose) -> None:
    def weights(*overrides: str) -> torch.Tensor:
        torch.rand(3)
        network = make_network(composed("model.init=he", *overrides), trust=False)
        return torch.cat([p.detach().flatten() for p in network.parameters()])

    first = weights()
    assert torch.equal(first, weights("data.batch_size=4", "noise.sigma=50", "data.train=[coffee.png]"))
    assert not torch.equal(first, weights("seed=1"))


def test_building_a_network_moves_no_global_state(composed: Compose) -> None:
    before = torch.get_rng_state()
    make_network(composed(), trust=False)
    assert torch.equal(before, torch.get_rng_state())
