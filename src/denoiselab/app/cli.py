"""From a command line to a verb, and from an error to one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from denoiselab.app.argv import command, quoted
from denoiselab.app.options import conf_dir, noise_from_file
from denoiselab.errors import Interrupted

VERBS = {
    "train": "train a denoiser, or many (-m)",
    "evaluate": "measure a trained denoiser by a named protocol",
    "denoise": "restore your own pictures",
    "demo": "try a trained denoiser on a local page",
    "calibrate": "measure the noise of your own camera",
    "export": "write a trained network for other programs",
    "report": "compare trained denoisers, or read a sweep: tables, plots, a page",
}


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


def run(verb: str) -> None:
    """Compose the verb's configuration, do its task, and say what failed in one line."""
    from hydra import main as hydra_main
    from omegaconf import OmegaConf

    from denoiselab.app.messages import mendable, one_line
    from denoiselab.app.sweep import end_sweep

    module, failed = import_module(f"denoiselab.app.{verb}"), list[tuple[str, BaseException]]()
    asked = os.environ.get("HYDRA_FULL_ERROR", "0")
    sys.path.append(str(Path.cwd()))  # a person's own classes, model._target_=their.module.Net
    OmegaConf.register_new_resolver("command", command, replace=True)  # for --help
    left = ""
    try:
        sys.argv[1:] = getattr(module, "prepared", list)(quoted(noise_from_file(sys.argv[1:])))
        with full_error("1"):
            work = guarded(module.task, failed, asked)
            hydra_main(version_base="1.3", config_path=str(conf_dir()), config_name=verb)(work)()
    except (Exception, KeyboardInterrupt) as error:
        if asked == "1" or not mendable(error):
            raise
        failed.append(("", error))
    finally:
        left = end_sweep()
    if failed or left:
        job, last = failed[-1] if failed else ("", None)
        number = f"{len(failed)} of the jobs failed, the last one: " if job else ""
        sys.exit(f"{verb}: {number}" + "; ".join(filter(None, [one_line(last) if last else "", left])))


@contextmanager
def full_error(value: str) -> Iterator[None]:
    """With 1 Hydra hands errors on, else it prints them and ends; a run's own processes see what was asked."""
    before = os.environ.get("HYDRA_FULL_ERROR")
    os.environ["HYDRA_FULL_ERROR"] = value
    try:
        yield
    finally:
        os.environ.pop("HYDRA_FULL_ERROR") if before is None else os.environ.update(HYDRA_FULL_ERROR=before)


def guarded(work: Callable[[Any], Any], failed: list[tuple[str, BaseException]], asked: str) -> Callable[[Any], Any]:
    """A verb's work whose failure is kept for the end; the next job of a sweep starts nevertheless."""

    def task(cfg: Any) -> Any:
        from hydra.core.hydra_config import HydraConfig
        from hydra.types import RunMode

        from denoiselab.app.messages import mendable, one_line

        hydra = HydraConfig.get()
        number = str(hydra.job.num) if hydra.mode is RunMode.MULTIRUN else ""
        try:
            with full_error(asked):
                return work(cfg)
        except Interrupted as error:
            raise KeyboardInterrupt from error  # of Exceptions Hydra makes a job's result, and goes on
        except Exception as error:
            bug = asked == "1" or not mendable(error)
            if bug and not number:
                raise
            if bug:
                traceback.print_exc()
            failed.append((number, error))
            if number:
                print(f"job {number}: {one_line(error)}", file=sys.stderr)

    return task
