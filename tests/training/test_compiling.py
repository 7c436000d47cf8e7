"""A compiled run learns what an uncompiled one learns."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from denoiselab.errors import UserError
from denoiselab.methods.checkpoint import read_checkpoint
from denoiselab.training.run import Run, train
from denoiselab.training.trainer import compiles


@pytest.mark.parametrize(
    ("wanted", "device", "so"),
    [("auto", "cpu", False), ("auto", "cuda", True), (True, "cpu", True), (False, "cuda", False)],
)
def test_compiles_where_it_pays_or_is_asked(wanted: Any, device: str, so: bool) -> None:
    assert compiles(wanted, torch.device(device)) is so


def test_wrong_value_is_named() -> None:
    with pytest.raises(UserError, match=r"trainer\.compile=maybe: true, false or auto"):
        compiles("maybe", torch.device("cpu"))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler")
@pytest.mark.filterwarnings("ignore")
def test_compiled_run_learns_the_same(composed: Callable[..., Any], tmp_path: Path, capsys: Any) -> None:
    weights = {}
    for compiled in (False, True):
        config = composed("trainer.precision=32-true", f"trainer.compile={compiled}", "trainer.val_every=4")
        train(Run(config, {}, tmp_path / str(compiled)))
        assert (", compiled" in capsys.readouterr().out) is compiled
        weights[compiled] = read_checkpoint(tmp_path / str(compiled) / "last.ckpt")["state_dict"]
    assert weights[False].keys() == weights[True].keys()
    for name, value in weights[False].items():
        torch.testing.assert_close(weights[True][name], value, rtol=1e-3, atol=1e-4)
