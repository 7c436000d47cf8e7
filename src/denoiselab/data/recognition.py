"""What lies in a person's folder, by the names of its files and folders alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path, PurePosixPath

from denoiselab.data.matching import SHOT, by_scene, is_clean, match, scene
from denoiselab.data.places import named_pictures
from denoiselab.errors import UserError
from denoiselab.io import picture_files

CLEAN = "clean|mean|gt|truth|groundtruth|reference|ref|target|high"
NOISY = "noisy|noise|real|input|low"
SURELY_NOISY = "noisy|noise|real"
FIRST, SECOND = "(?:noisy|shot)[_-]?[a01]", "(?:noisy|shot)[_-]?[b12]"
SHOTS = re.compile(rf"(?:.+[_\-. ])?(?:noisy|{SHOT})[_\-. ]?\d+", re.I)
ONE_SCENE = re.compile(rf"(?:.+[_\-. ](?:noisy|{SHOT})|{SHOT})[_\-. ]?\d+", re.I)
ALONE = re.compile(r"(?:^|[_\-. /])(?:noisy|noise)(?=[_\-. /]|$)", re.I)
BURST = re.compile(r"burst|shots", re.I)


class Kind(StrEnum):
    """What a folder holds, in words."""

    CLEAN = "clean pictures"
    PAIRS = "pairs of a noisy and a clean picture"
    SHOTS = "pairs of two noisy shots"
    BURSTS = "bursts of noisy shots, one of each scene"
    NOISY = "noisy pictures, one of each scene"


@dataclass(frozen=True)
class Recognised:
    """A folder's kind, and its scenes, the pictures of each together.

    input, target: of pairs, the folders or patterns that `data=pairs` takes.
    """

    kind: Kind
    root: Path
    scenes: Sequence[tuple[Path, ...]]
    input: str = ""
    target: str = ""

    def describe(self, most: int = 3) -> str:
        """The kind, how many scenes there are, and the first of them."""
        shown = ["+".join(self._name(file) for file in scene[:3]) for scene in self.scenes[:most]]
        return f"{len(self.scenes)} {self.kind}: {', '.join(shown)}{', …' if len(self.scenes) > most else ''}"

    def _name(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()


def recognise(root: Path) -> Recognised:
    """What a folder holds; where it has a folder `train`, what that holds.

    Roles are words of their own in a file's name (`7_real.png`, `noisy-7.png`, `SCENE/gt.png`) or a folder's
    (`noisy/7.png`). Pairs are recognised only where every picture has its partner, bursts by a clean picture of every
    scene, by shots that are numbered as such, or by a folder that is called so. What no name tells is clean.

    Raises:
        UserError: there is no picture, or one without a partner among pairs.
    """
    within = "train" if (root / "train").is_dir() else "."
    root = root / within
    files = picture_files(root)
    together = (
        paired(root, files, Kind.PAIRS, NOISY, CLEAN)
        or paired(root, files, Kind.SHOTS, FIRST, SECOND)
        or bursts(root, files)
    )
    if together is None:
        refuse_left_over(root, files, within)
    return together or Recognised(Kind.NOISY if noisy(root, files) else Kind.CLEAN, root, [(file,) for file in files])


def paired(root: Path, files: list[Path], kind: Kind, first: str, second: str) -> Recognised | None:
    """The two places whose pictures match one by one and leave none over; None if no words name such."""
    for one, other in opposites(root, files, first, second):
        try:
            pairs = match(named_pictures(root / one), named_pictures(root / other))
        except UserError:
            continue
        return Recognised(kind, root, pairs, str(root / one), str(root / other))
    return None


def refuse_left_over(root: Path, files: list[Path], within: str) -> None:
    """Refuse noisy and clean pictures some of which are pairs and some have no partner: all would count as clean.

    within: the root below a person's folder.
    """
    for one, other in opposites(root, files, SURELY_NOISY, CLEAN):
        inputs, targets = (named_pictures(root / place) for place in (one, other))
        if {*map(scene, inputs.values())} & {*map(scene, targets.values())}:
            try:
                match(inputs, targets)
            except UserError as error:
                raise UserError(f"{error}; or take all of them for clean, data.train={within}") from error


def opposites(root: Path, files: list[Path], first: str, second: str) -> Iterator[tuple[str, str]]:
    """Places that words of the one and of the other kind name, which together have as many pictures as there are."""
    names = [PurePosixPath(file.relative_to(root).as_posix()) for file in files]
    deep = "**/" if any(len(name.parts) > 1 for name in names) else ""
    counts = [
        Counter(place for name in names for place in {*places_of(name, words, deep)}) for words in (first, second)
    ]
    for one, other in product(*map(sorted, counts)):
        if counts[0][one] + counts[1][other] == len(files):
            yield one, other


def places_of(name: PurePosixPath, words: str, deep: str) -> Iterator[str]:
    """The folders or patterns below the root that a role in a picture's name makes.

    `noisy/7.png` -> `noisy`; `7_real.png` -> `*_real.*`; `1/noisy/7.png` -> `**/noisy/**/*.*`.
    """
    for depth, part in enumerate(name.parts[:-1]):
        if re.fullmatch(words, part, re.I):
            yield f"**/{part}/**/*.*" if depth else part
    for found in re.finditer(rf"(?:^|[_\-. ])(?:{words})(?:(?=[_\-. ])|$)", name.stem, re.I):
        before, after = "*" * (found.start() > 0), "*" * (found.end() < len(name.stem))
        yield f"{deep}{before}{found[0]}{name.stem[found.end() : found.end() + 1]}{after}.*"


def bursts(root: Path, files: list[Path]) -> Recognised | None:
    """The shots of each scene; None where no name says that they are.

    Pictures in the root alone are one scene's shots only if they are numbered as such: `noisy_1` may be any picture.
    """
    scenes, numbers = by_scene(root, files), [file.stem for file in files if not is_clean(file.stem)]
    if min(map(len, scenes.values())) < 2 or ("." in scenes and not all(map(ONE_SCENE.fullmatch, numbers))):
        return None
    clean = [sum(is_clean(file.stem) for file in scene) == 1 for scene in scenes.values()]
    shots = all(map(SHOTS.fullmatch, numbers))
    if all(clean) or (shots and not any(clean)) or BURST.search(root.name):
        return Recognised(Kind.BURSTS, root, [tuple(scene) for scene in scenes.values()])
    return None


def noisy(root: Path, files: list[Path]) -> bool:
    """Whether all pictures are called noisy, by their own names or the folder's."""
    names = [file.relative_to(root).with_suffix("").as_posix() for file in files]
    return bool(ALONE.search(root.name)) or all(ALONE.search(name) for name in names)
