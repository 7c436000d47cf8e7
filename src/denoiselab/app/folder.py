"""A person's own folder, `data=folder data.root=FOLDER`: what it holds, said as on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from denoiselab.app.argv import home, named
from denoiselab.app.ranks import first
from denoiselab.app.runs import path_override

if TYPE_CHECKING:
    from denoiselab.data.recognition import Recognised


OTHERWISE = "by their names; if they are noisy: data=noisy, or data=bursts with a folder for each scene"


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
        print(f"{found.root}: {found.describe()}", *(f"  {option}" for option in said or [OTHERWISE]), sep="\n")
    replaced = ("data=", "data.root=") if said else ()
    return [*(argument for argument in arguments if not argument.startswith(replaced)), *said]


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
