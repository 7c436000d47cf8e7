"""The verb `calibrate`: from a person's own pictures to the noise of their camera."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from denoiselab.app.argv import command


def keys(*, input: str | None, target: str | None, kind: str | None, output: str) -> None:
    """The keys, with their types."""


WORDS = {"pairs": "pairs", "bursts": "bursts", "flat": "even frames"}


def named(kind: str, scene: Sequence[Path]) -> str:
    """A scene in a word: of a burst its folder, first shot, and how many there are."""
    if kind == "bursts":
        return f"{scene[0].parent.name}/{scene[0].name} … ({len(scene)})"
    return "+".join(picture.name for picture in scene)


def task(cfg: Any) -> None:
    """Measure the noise, write it as a yaml, and draw it beside."""
    from rich.console import Console
    from rich.progress import track

    from denoiselab.config import check
    from denoiselab.data.recordings import find_scenes, recordings
    from denoiselab.diagnosis.camera import fit
    from denoiselab.diagnosis.tally import Tally
    from denoiselab.errors import UserError
    from denoiselab.report.camera import described, plot_variance, write_noise

    check(keys, dict(cfg), "", {})
    if cfg.input is None:
        raise UserError("input is not set: name a folder of pairs, bursts, flat or dark frames, input=FOLDER")
    file = Path(cfg.output).expanduser()
    if file.suffix != ".yaml":
        raise UserError(f"output={file}: a file that ends in .yaml is needed")
    target = Path(cfg.target).expanduser() if cfg.target else None
    kind, scenes = find_scenes(Path(cfg.input).expanduser(), target, cfg.kind)
    shown = ", ".join(named(kind, scene) for scene in scenes[:3])
    print(f"{len(scenes)} {WORDS[kind]}: {shown}{', …' if len(scenes) > 3 else ''}", flush=True)
    tally, names, console = Tally(), [], Console(stderr=True)
    for scene in track(scenes, "measuring", console=console, transient=True):
        for recording in recordings(kind, [scene]):
            tally.add(recording)
            names.append(named(kind, scene))
    camera = fit(tally)
    lines = described(camera, names)
    write_noise(camera, file, [f"A camera's noise, measured on {len(scenes)} {WORDS[kind]}.", *lines])
    plot_variance(camera, file.with_suffix(".png"))
    print(*lines, f"written to {file} and {file.with_suffix('.png')}", sep="\n")
    print(f"next:\n  {command('train')} data=folder data.root=CLEAN noise={quote(str(file))}")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("calibrate")
