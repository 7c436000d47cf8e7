"""What is shown without doing anything."""

import re
import runpy
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from denoiselab.app import main
from denoiselab.app.cli import VERBS
from denoiselab.app.options import conf_dir


@pytest.mark.parametrize("verb", VERBS)
def test_help(verb: str, shell: Any, workdir: Any) -> None:
    said = shell(verb, "--help")
    assert said.code == 0
    assert not said.err
    assert f"python {verb}.py" in said.out
    assert "HYDRA_FULL_ERROR=1" in said.out
    assert all(len(line) <= 120 for line in said.out.splitlines() if not re.match(r"\w+: ", line))
    assert not list(workdir.iterdir())


@pytest.mark.parametrize("verb", VERBS)
def test_root_script(verb: str, monkeypatch: Any, capsys: Any, workdir: Any) -> None:
    script = Path(__file__).parents[2] / f"{verb}.py"
    monkeypatch.setattr(sys, "argv", [str(script), "--help"])
    with suppress(SystemExit):
        runpy.run_path(str(script), run_name="__main__")
    assert f"{verb}.py " in capsys.readouterr().out


def test_help_lists_groups_that_can_be_chosen(shell: Any, workdir: Any) -> None:
    out = shell("train", "--help").out
    models = sorted(file.stem for file in (conf_dir() / "model").glob("*.yaml"))
    assert f"\nmodel: {', '.join(models)}\n" in out and "dudncnn" in models
    assert "shared" not in out
    assert "pictures:" not in out


@pytest.mark.parametrize("verb", ["train", "evaluate", "denoise", "export"])
def test_cfg_job(verb: str, shell: Any, workdir: Any) -> None:
    said = shell(verb, "--cfg", "job")
    assert (said.code, said.err) == (0, "")
    assert ("ckpt: builtin" if verb in ("evaluate", "denoise") else "ckpt: null") in said.out
    assert not list(workdir.iterdir())


def test_installed_command(capsys: Any, monkeypatch: Any, workdir: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["denoiselab"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert "evaluate" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["denoiselab", "trian"])
    with pytest.raises(SystemExit, match="there is no verb trian"):
        main()
    monkeypatch.setattr(sys, "argv", ["denoiselab", "train", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert "Train a denoiser" in capsys.readouterr().out
