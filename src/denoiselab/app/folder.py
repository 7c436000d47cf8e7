"""A person's own folder, `data=folder data.root=FOLDER`: what it holds, said as on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from denoiselab.app.argv import beside, home, named
from denoiselab.app.ranks import first
from denoiselab.app.runs import path_override
from denoiselab.errors import UserError

if TYPE_CHECKING:
    from denoiselab.data.recognition import Recognised


OTHERWISE = (
    "if they are noisy: data=noisy; two shots of each scene: data=pairs data.input=FOLDER data.target=FOLDER "
    "data.target_is=noisy; more: data=bursts with a folder for each scene"
)
LOOKED_AT = 3
"""Pictures whose noise is looked at."""


def recognised(arguments: Sequence[str], *, trains: bool) -> list[str]:
    """The arguments with the data and the supervision that suit what the folder holds; and a line on it.

    Nothing is guessed beside `data.train=FOLDER` (then all pictures are clean), and a supervision that is named stays.

    trains: whether the verb trains; one that measures has no supervision.
    """
    root = named(arguments, "data.root")
    own = named(arguments, "data") == "folder" and named(arguments, "data.train") is None
    if not own or root is None or not home(root).is_dir():
        return list(arguments)
    from denoiselab.data.recognition import recognise

    found = recognise(home(root))
    said = options(found)
    if not trains or named(arguments, "supervision") is not None:
        said = [option for option in said if not option.startswith("supervision=")]
    if first():
        print(f"{found.root}: {found.describe()}", *(f"  {line}" for line in said or [unsaid(found)]), sep="\n")
    replaced = ("data=", "data.root=") if said else ()
    return beside([argument for argument in arguments if not argument.startswith(replaced)], said)


def unsaid(found: Recognised) -> str:
    """What to say of pictures that are taken as clean, if they aren't; with a warning where they hardly are."""
    from denoiselab.diagnosis import LOUD
    from denoiselab.units import std_from_sigma

    if (std := level([scene[0] for scene in found.scenes[:LOOKED_AT]])) < LOUD:
        return f"by their names; {OTHERWISE}"
    sigma = std / std_from_sigma(1)
    return f"WARNING: by their names; but there seems to be noise of sigma {sigma:.0f} in them; {OTHERWISE}"


def level(files: Sequence[Path]) -> float:
    """The middle one of the stds of some pictures' noise; 0 where none can be told."""
    from denoiselab.diagnosis import diagnose
    from denoiselab.io import opened_pages
    from denoiselab.restore.doctor import sampled

    found = []
    for file in files:
        with suppress(UserError, OSError), opened_pages(file) as pages:
            found.append(diagnose(list(sampled(pages[0]))).std)
    return median(found) if found else 0.0


def options(found: Recognised) -> list[str]:
    """What a person would have said; nothing for clean pictures, which data=folder takes as they are."""
    from denoiselab.data.matching import is_clean
    from denoiselab.data.recognition import Kind

    pairs = ["data=pairs", path_override("data.input", found.input), path_override("data.target", found.target)]
    root = path_override("data.root", found.root)
    clean = any(is_clean(file.stem) for scene in found.scenes for file in scene)
    return {
        Kind.CLEAN: [],
        Kind.PAIRS: pairs,
        Kind.SHOTS: [*pairs, "data.target_is=noisy", "supervision=noise2noise"],
        Kind.BURSTS: ["data=bursts", root, f"supervision={'clean' if clean else 'noise2noise'}"],
        Kind.NOISY: ["data=noisy", root, "supervision=neighbor2neighbor"],
    }[found.kind]
