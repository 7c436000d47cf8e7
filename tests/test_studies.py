"""The studies' `run.sh`: every command composes, and what is there is not done again."""

import os
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir

from denoiselab.app.options import noise_from_file

ROOT = Path(__file__).parents[1]
STUDIES = sorted(file.parent.name for file in ROOT.glob("experiments/*/run.sh") if "steps.sh" in file.read_text())
SCRIPTS = [file for file in sorted(ROOT.glob("experiments/**/*.py")) if "sys.argv[" in file.read_text()]
PYTHON = """#!/bin/sh
# Notes the command, and leaves what a finished run or measurement leaves.
printf '%s\\n' "$*" >>commands
for word; do
  case $word in
    hydra.run.dir=* | output=*)
      mkdir -p "${word#*=}"
      touch "${word#*=}/summary.yaml" "${word#*=}/config.yaml" "${word#*=}/pictures.png" \\
        "${word#*=}/comparison.csv"
      ;;
  esac
done
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the studies, and a `python` that only notes what it is asked."""
    shutil.copytree(ROOT / "experiments", tmp_path / "experiments", ignore=shutil.ignore_patterns("*.png"))
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def commands(home: Path, study: str) -> list[list[str]]:
    """The words of what a study asks of Python."""
    (home / "commands").unlink(missing_ok=True)
    path = {**os.environ, "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    subprocess.run(["sh", f"experiments/{study}/run.sh"], cwd=home, env=path, check=True, capture_output=True)
    return [shlex.split(line) for line in (home / "commands").read_text().splitlines()]


@pytest.mark.parametrize("study", STUDIES)
def test_every_training_composes_and_every_script_is_there(
    study: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = commands(home, study)
    monkeypatch.chdir(home)
    assert asked[-1][:2] == ["experiments/fill.py", f"experiments/{study}/README.md"]
    assert all((ROOT / script).is_file() for script, *_ in asked)
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        for verb, *words in asked:
            if verb == "train.py":
                compose("train", noise_from_file(words))


@pytest.mark.parametrize("study", STUDIES)
def test_what_is_there_is_skipped_and_what_was_stopped_goes_on(study: str, home: Path) -> None:
    first = commands(home, study)
    trained = [words for words in first if words[0] == "train.py"]
    stopped = home / trained[0][-1].removeprefix("hydra.run.dir=")
    (stopped / "summary.yaml").unlink()
    (stopped / "last.ckpt").touch()
    again = [words for words in commands(home, study) if words[0] in ("train.py", "evaluate.py")]
    assert again == [["train.py", f"ckpt={stopped.relative_to(home)}"]]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.parent.name}/{script.name}")
def test_a_script_without_its_runs_says_what_it_takes(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "sklearn" in script.read_text():
        pytest.importorskip("sklearn")
    monkeypatch.setattr(sys, "argv", [str(script)])
    with pytest.raises(SystemExit, match=rf"python {script.relative_to(ROOT)} \w"):
        runpy.run_path(str(script), run_name="__main__")


def test_a_command_that_fails_ends_the_study(home: Path) -> None:
    (home / "bin" / "python").write_text("#!/bin/sh\nexit 3\n")
    run = subprocess.run(
        ["sh", "-c", "runs=out study=here; . experiments/steps.sh; mkdir out; keep text python; echo reached"],
        cwd=home, env={**os.environ, "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 3 and "reached" not in run.stdout
    assert not (home / "out" / "text").exists()
