"""Which scenes are kept back from training, where a set brings no split of its own."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from denoiselab.errors import UserError
from denoiselab.streams import mix


def checked(part: float, *, splits: int) -> None:
    """Refuse a part that leaves less to train on than to each of as many splits.

    Raises:
        UserError: it does, or is below 0.
    """
    if not 0 <= part <= 1 / (splits + 1):
        raise UserError(f"held_out={part}: a part from 0 up to 1/{splits + 1} is needed")


def draw_names(files: Sequence[Path], root: Path) -> list[str]:
    """What `hold_out` draws files by: their names; of those that share one, the path from the data's folder."""
    times = Counter(file.name for file in files)
    return [file.name if times[file.name] == 1 else Path(os.path.relpath(file, root)).as_posix() for file in files]


def hold_out(names: Sequence[str], part: float, splits: Sequence[str]) -> list[str]:
    """The split of each name: `train`, or one of `splits`, each of which gets `part` of the names.

    The draw goes by name, whatever the seed, so that runs of all seeds are measured on the same
    pictures. With three names or more and a part above 0 no split is empty, nor is training.
    """
    most = (len(names) - 1) // len(splits) if splits else 0
    each = min(most, max(1, round(part * len(names)))) if part else 0
    drawn = sorted(range(len(names)), key=lambda i: mix("held out", names[i]))
    shares = ["train"] * len(names)
    for place, split in enumerate(split for split in splits for _ in range(each)):
        shares[drawn[place]] = split
    return shares


def too_few(count: int, part: float, splits: Sequence[str]) -> list[str]:
    """A note where none of `count` scenes could be kept back for `splits`, though a part of them was to be."""
    if not (part and splits and 0 < count <= len(splits)):
        return []
    found, kept = "1 picture is" if count == 1 else f"{count} pictures are", " and ".join(splits)
    return [f"{found} too few to keep any back for {kept}: have {len(splits) + 1} or more"]
