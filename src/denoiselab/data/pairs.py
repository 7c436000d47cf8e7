"""Pairs of pictures on disk: noisy and clean, or two noisy shots of each scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from denoiselab.data.holding import checked, draw_names, hold_out, too_few
from denoiselab.data.matching import match
from denoiselab.data.picture_files import PictureFiles
from denoiselab.data.places import named_pictures, pattern_of
from denoiselab.data.reading import Files
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError


class PairedFolders(PictureFiles):
    """Two folders, or two kinds of files in one, matched by name.

    input: folder of the noisy pictures, or a pattern, `FOLDER/*_real.png`; then what `*` stands for is the name.
    target: folder or pattern of what they are held against.
    target_is: `clean`, or `noisy` for a second shot of the scene (then supervision=noise2noise).
    held_out: part of the pairs kept back for validation, and the same for the test.
    """

    def __init__(
        self,
        *,
        input: str | None,
        target: str | None,
        target_is: Literal["clean", "noisy"],
        held_out: float,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        self.input, self.target = named("input", input), named("target", target)
        checked(held_out, splits=2)
        self.held_out, self.all_are_test = held_out, False
        self.layers = ("shot0", "clean" if target_is == "clean" else "shot1")

    def take_all(self) -> None:
        self.all_are_test = True

    def scenes(self) -> list[Files]:
        """All pairs, in the order of the input's names."""
        pairs = match(named_pictures(self.input), named_pictures(self.target))
        kept = set(self.kept([file for pair in pairs for file in pair]))
        return [dict(zip(self.layers, pair, strict=True)) for pair in pairs if kept.issuperset(pair)]

    def load(self, split: str) -> PictureStore | None:
        scenes = self.scenes()
        if self.all_are_test:
            return self.read(scenes, skip_broken=False) if split == "test" else None
        if split == "train":
            shown = ", ".join(f"{s['shot0'].name} with {s[self.layers[1]].name}" for s in scenes[:3])
            self.notes.append(f"{len(scenes)} pairs matched by name: {shown}{', …' if len(scenes) > 3 else ''}")
            self.notes += too_few(len(scenes), self.held_out, ("val", "test"))
        root, _ = pattern_of(self.input) or (self.input, "")
        shares = hold_out(draw_names([scene["shot0"] for scene in scenes], root), self.held_out, ("val", "test"))
        mine = [scene for scene, share in zip(scenes, shares, strict=True) if share == split]
        return self.read(mine, skip_broken=split == "train")


def named(key: str, place: str | None) -> Path:
    """The folder or pattern that a key names."""
    path = None if place is None else Path(place).expanduser()
    if path is None or not (path.is_dir() or pattern_of(path)):
        raise UserError(
            f"{key}={place}: name a folder of pictures, data.{key}=FOLDER, or a pattern, FOLDER/*_{key}.png"
        )
    return path
