"""Who is compared by `report`: runs, checkpoints, folders or patterns of them, by the shortest names that differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from denoiselab.app.argv import home
from denoiselab.builtin import is_builtin, place_of, spoken
from denoiselab.errors import UserError

TAKEN = ("clean", "noisy")
"""What a picture and its observation are called beside the runs."""


def told_apart(value: str) -> list[str]:
    """`A,B` as the two; where a comma belongs to the name of a run, or to a pattern that fits some, as that one."""
    parts, found = value.split(","), list[str]()
    while parts:
        names = (",".join(parts[:count]) for count in range(len(parts), 1, -1))
        name = next((name for name in names if is_there(name)), parts[0])
        found.append(name)
        parts = parts[name.count(",") + 1 :]
    return found


def is_there(name: str) -> bool:
    """Whether a place exists, or a pattern fits one."""
    place = home(name)
    anchor = Path(place.anchor or ".")
    try:
        return place.exists() or next(anchor.glob(str(place.relative_to(place.anchor))), None) is not None
    except (OSError, ValueError):  # a name that is too long, or no pattern
        return False


def entered(runs: Sequence[str]) -> dict[str, Path]:
    """The checkpoint files that are compared, each by the shortest name that tells it from the others.

    Raises:
        UserError: nothing there.
    """
    from denoiselab.methods.checkpoint import find_checkpoint

    places = list(dict.fromkeys(found for text in runs for found in found_below(place_of(text))))
    if not places:
        raise UserError("runs=[]: name what is to be compared, runs=A,B")
    for depth in range(1, max(len(run.absolute().parts) for run in places) + 1):
        names = [spoken(run) if is_builtin(run) else "/".join(run.absolute().parts[-depth:]) for run in places]
        if len({*names, *TAKEN}) == len(places) + len(TAKEN):
            break
    return {name: find_checkpoint(run) for name, run in zip(names, places, strict=True)}


def found_below(run: Path) -> list[Path]:
    """A run, a checkpoint, or all runs that a folder or a pattern holds."""
    if any(mark in str(run) for mark in "*?[") and not run.exists():
        anchor = Path(run.anchor or ".")
        found = sorted(anchor.glob(str(run.relative_to(run.anchor) if run.anchor else run)))
        matching = [path for path in found if path.suffix == ".ckpt" or next(path.rglob("*.ckpt"), None)]
        if not matching:
            raise UserError(f"runs={run}: no run matches")
        return [one for path in matching for one in found_below(path)]
    if run.is_dir() and not any(run.glob("*.ckpt")):
        inside = sorted({file.parent for file in run.rglob("*.ckpt")})
        if inside:
            return inside
    return [run]
