"""From a command line to a verb, and from an error to one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from denoiselab.app.argv import quoted
from denoiselab.errors import UserError

VERBS = {
    "train": "train a denoiser, or many (-m)",
    "evaluate": "measure a trained denoiser by a named protocol",
    "denoise": "restore your own pictures",
}


def train() -> None:
    """`python train.py ...`"""
    run("train")


def evaluate() -> None:
    """`python evaluate.py ...`"""
    run("evaluate")


def denoise() -> None:
    """`python denoise.py ...`"""
    run("denoise")


def main() -> None:
    """`denoiselab VERB ...`, the command of the installed package."""
    verb = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if verb not in VERBS:
        print("usage: denoiselab VERB [key=value ...]\n")
        print("\n".join(f"  {name:10} {what}" for name, what in VERBS.items()))
        print("\n  denoiselab VERB --help shows a verb's keys and examples")
        raise SystemExit(0 if verb in ("-h", "--help") else f"denoiselab: there is no verb {verb}")
    sys.argv = [str(Path(__file__).with_name(f"{verb}.py")), *sys.argv[2:]]
    run(verb)


def conf_dir() -> Path:
    """The configuration: inside the installed package, or at the top of the repository."""
    inside = Path(__file__).parents[1] / "conf"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "conf"


def run(verb: str) -> None:
    """Compose the verb's configuration, do its task, and say what failed in one line."""
    from hydra import main as hydra_main
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    traceback = os.environ.get("HYDRA_FULL_ERROR") == "1"
    os.environ["HYDRA_FULL_ERROR"] = "1"
    module = import_module(f"denoiselab.app.{verb}")
    try:
        sys.argv[1:] = module.prepared(quoted(sys.argv[1:]))
        hydra_main(version_base="1.3", config_path=str(conf_dir()), config_name=verb)(task(module.task))()
    except (UserError, HydraException, OmegaConfBaseException, OSError, KeyboardInterrupt) as error:
        if traceback:
            raise
        from denoiselab.app.messages import one_line

        sys.exit(f"{verb}: {one_line(error)}")
    if failures:
        sys.exit(f"{verb}: {len(failures)} of the jobs failed: {', '.join(failures)}")


failures: list[str] = []
"""The jobs of a sweep that failed; the others go on, and the command ends non-zero."""


def task(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A verb's work; in a sweep a failed job is recorded and the next one starts."""

    def guarded(cfg: Any) -> Any:
        from hydra.core.hydra_config import HydraConfig
        from hydra.types import RunMode

        if HydraConfig.get().mode is not RunMode.MULTIRUN:
            return work(cfg)
        try:
            return work(cfg)
        except (UserError, OSError) as error:
            from denoiselab.app.messages import one_line

            failures.append(f"{HydraConfig.get().job.num} ({one_line(error)})")
            print(f"job {failures[-1]}", file=sys.stderr)
            return None

    return guarded
