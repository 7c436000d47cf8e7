"""Which picture belongs to which: two lists of named files, matched by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from denoiselab.errors import UserError

SHOT = "shot|take|exposure|burst"
WHOLE = "clean|mean|gt|truth|groundtruth|reference|ref"
CLEAN = re.compile(rf"(?:^|[_\-. /])(?:{WHOLE})$", re.I)
NUMBERED = re.compile(rf"(.+)[_\-. ](?:noisy|{SHOT})[_\-. ]?\d+", re.I)
ROLES = re.compile(rf"(?:^|[_\-. /])(?:{WHOLE}|noisy|noise|real|input|target|low|high|a|b)$", re.I)


def scene(name: str) -> str:
    """A name without a word for its role at the end: `7_real` -> `7`."""
    return ROLES.sub("", name) or name


def is_clean(name: str) -> bool:
    """Whether a name ends in a word for the clean picture: `mean`, `7_gt`."""
    return CLEAN.search(name) is not None


def by_scene(root: Path, files: Iterable[Path]) -> dict[str, list[Path]]:
    """The pictures of each scene, by its name: those of a folder, `.` of the root itself.

    Where a folder holds shots of several scenes by their names, each of these: `7_shot1`, `7_shot2`, `7_mean` -> `7`.

    Raises:
        UserError: two scenes of one name.
    """
    folders: dict[Path, list[Path]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    scenes: dict[str, list[Path]] = {}
    for folder in sorted(folders):
        place, named = folder.relative_to(root), by_name(folders[folder])
        own = {(place / name).as_posix(): shots for name, shots in named.items()}
        own = own if len(own) > 1 else {place.as_posix(): folders[folder]}
        if both := scenes.keys() & own.keys():
            name = root / min(both)
            raise UserError(f"{name}: shots lie in this folder, others beside it are named so; keep them in one place")
        scenes |= own
    return scenes


def by_name(files: Iterable[Path]) -> dict[str, list[Path]]:
    """The shots and the clean picture of each scene by what their names begin with; nothing where one isn't such."""
    scenes: dict[str, list[Path]] = {}
    for file in files:
        found = NUMBERED.fullmatch(file.stem)
        if not found and not is_clean(file.stem):
            return {}
        scenes.setdefault(found[1] if found else scene(file.stem), []).append(file)
    return scenes


def match(inputs: Mapping[Path, str], targets: Mapping[Path, str]) -> list[tuple[Path, Path]]:
    """Pair every input with the target of its name, else with the one whose name differs by a role (`_real`, `_mean`).

    inputs, targets: each file's name, by which it is matched.

    Raises:
        UserError: a file without a partner, with two, or with itself.
    """
    shared = {*inputs.values()} & {*targets.values()}
    by_scene: dict[str, Path] = {}
    for target, name in targets.items():
        if (other := by_scene.setdefault(_scene(name, shared), target)) is not target:
            raise UserError(f"{other} and {target} are both targets of {_scene(name, shared)}: keep one of them")
    pairs = [(file, by_scene.pop(_scene(name, shared), None)) for file, name in inputs.items()]
    if alone := [file for file, target in pairs if target is None] + [*by_scene.values()]:
        more = f" (and {len(alone) - 1} more)" if len(alone) > 1 else ""
        raise UserError(
            f"{alone[0]}{more}: no partner of this name on the other side; rename or remove it, "
            f"or name patterns whose * stands for what the two names share"
        )
    found = [(file, target) for file, target in pairs if target is not None]
    if same := [file for file, target in found if file.resolve() == target.resolve()]:
        raise UserError(
            f"{same[0]}: it is both input and target; where one folder holds both, name patterns: "
            f"data.input='FOLDER/*_noisy.*' data.target='FOLDER/*_clean.*'"
        )
    return found


def _scene(name: str, shared: set[str]) -> str:
    return name if name in shared else scene(name)
