"""Which picture belongs to which: two lists of files matched by name."""

from __future__ import annotations

import re
from pathlib import Path

from denoiselab.errors import UserError

ROLES = re.compile(
    r"(?:^|[_\-. ])(?:noisy|noise|clean|real|mean|gt|truth|groundtruth|reference|ref|input|target|low|high|a|b)$", re.I
)


def scene(file: Path) -> str:
    """A file's name without its suffix and without a word for its role: `7_real.JPG` -> `7`."""
    return ROLES.sub("", file.stem) or file.stem


def match(inputs: list[Path], targets: list[Path]) -> list[tuple[Path, Path]]:
    """Pair every input with the target of its name, else with the one whose name differs by a role (`_real`, `_mean`).

    Raises:
        UserError: a file without a partner, or with two.
    """
    shared = {file.stem for file in inputs} & {file.stem for file in targets}
    by_scene: dict[str, Path] = {}
    for target in targets:
        if (other := by_scene.setdefault(_name(target, shared), target)) is not target:
            raise UserError(f"{other.name} and {target.name} are both targets of {scene(target)}: keep one of them")
    pairs = [(file, by_scene.pop(_name(file, shared), None)) for file in inputs]
    alone = [file.name for file, target in pairs if target is None] + [t.name for t in by_scene.values()]
    if alone:
        named = ", ".join(alone[:3]) + (f" and {len(alone) - 3} more" if len(alone) > 3 else "")
        raise UserError(f"{named}: no partner of this name in the other folder; rename or remove them")
    return [(file, target) for file, target in pairs if target is not None]


def _name(file: Path, shared: set[str]) -> str:
    return file.stem if file.stem in shared else scene(file)
